import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { Client, newUser } from './client.ts';
import { playAi } from './played-ai.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer(playAi());
});
afterAll(() => server.close());

describe('register', () => {
  test('makes an account, without a login where none is asked for', async () => {
    const { status, body, headers } = await new Client(server.url).post('/auth/register', {
      username: 'Ada',
      email: 'ada@example.org',
      first_name: 'Ada',
      password: 'analytical engine',
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/v1/me');
    expect(body).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        username: 'Ada',
        email: 'ada@example.org',
        first_name: 'Ada',
        role: 'user',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        updated_at: expect.any(String) as string,
      },
    });
  });

  test('a taken name is a conflict, in a problem that names its code', async () => {
    const { username, password } = await newUser(server.url);
    const { status, body, headers } = await new Client(server.url).post('/auth/register', {
      username: username.toUpperCase(),
      password,
    });
    expect(status).toBe(409);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ title: 'Conflict', status: 409, code: 'username-taken' });
  });

  test('missing and unknown fields are named', async () => {
    const { status, body } = await new Client(server.url).post('/auth/register', {
      role: 'admin',
      username: 7,
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'fields-missing',
      errors: expect.arrayContaining([
        { field: 'password', problem: 'is required' },
        expect.objectContaining({ field: 'username' }),
      ]) as unknown[],
    });
    expect(JSON.stringify(body)).toContain('additional properties');
  });
});

describe('tokens', () => {
  test('sign in by name or email, use, refresh, sign out', async () => {
    const guest = new Client(server.url);
    await guest.post('/auth/register', {
      username: 'grace',
      email: 'grace@example.org',
      password: 'nanoseconds',
    });
    const byMail = await guest.post<Record<string, string>>('/auth/sign-in', {
      login: 'Grace@example.org',
      password: 'nanoseconds',
    });
    expect(byMail.status).toBe(200);
    expect(byMail.body).toMatchObject({ token_type: 'Bearer', user: { username: 'grace' } });
    expect(Date.parse(byMail.body['access_expires_at'] ?? '')).toBeGreaterThan(Date.now());

    const me = new Client(server.url, { authorization: `Bearer ${byMail.body['access_token']}` });
    expect((await me.get('/me')).body).toMatchObject({ username: 'grace' });

    const next = await guest.post<Record<string, string>>('/auth/refresh', {
      refresh_token: byMail.body['refresh_token'],
    });
    expect(next.status).toBe(200);
    const renewed = new Client(server.url, { authorization: `Bearer ${next.body['access_token']}` });
    expect((await renewed.get('/me')).status).toBe(200);

    expect((await renewed.post('/auth/sign-out')).status).toBe(204);
    const refused = await renewed.get('/me');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.body).toMatchObject({ code: 'session-ended' });
  });

  test('a wrong password and an unknown name are one answer', async () => {
    const { username } = await newUser(server.url);
    const guest = new Client(server.url);
    const wrong = await guest.post('/auth/sign-in', { login: username, password: 'no' });
    const unknown = await guest.post('/auth/sign-in', { login: 'nobody-at-all', password: 'no' });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(wrong.body).toMatchObject({ code: 'credentials-wrong' });
  });

  test('everywhere ends every login', async () => {
    const { client, username, password } = await newUser(server.url);
    const { body } = await new Client(server.url).post<Record<string, string>>('/auth/sign-in', {
      login: username,
      password,
    });
    const other = new Client(server.url, { authorization: `Bearer ${body['access_token']}` });
    expect((await other.get('/me')).status).toBe(200);
    expect((await client.post('/auth/sign-out', { everywhere: true })).status).toBe(204);
    expect((await other.get('/me')).status).toBe(401);
  });
});

describe('the cookie', () => {
  async function signInWithCookie() {
    const { username, password } = await newUser(server.url);
    const { body, headers } = await new Client(server.url).post('/auth/sign-in', {
      login: username,
      password,
      mode: 'cookie',
    });
    const set = headers.get('set-cookie') ?? '';
    return { body, set, cookie: set.split(';')[0] ?? '' };
  }

  test('is out of reach of scripts, and carries the login', async () => {
    const { body, set, cookie } = await signInWithCookie();
    expect(body).not.toHaveProperty('access_token');
    expect(set).toMatch(/; HttpOnly/);
    expect(set).toMatch(/; SameSite=Lax/);
    const browser = new Client(server.url, { cookie, 'sec-fetch-site': 'same-origin' });
    expect((await browser.post('/chats', {})).status).toBe(201);
  });

  test.each([
    ['a foreign page', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a foreign page in an old browser', { origin: 'https://evil.example' }],
    ['a page without an origin', { 'sec-fetch-site': 'cross-site' }],
  ])('%s may not change anything with it', async (_who, headers) => {
    const { cookie } = await signInWithCookie();
    const { status, body } = await new Client(server.url, { cookie, ...headers }).post('/chats', {});
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'origin-refused' });
  });

  test('a page of an allowed origin may', async () => {
    const { cookie } = await signInWithCookie();
    const page = new Client(server.url, {
      cookie,
      'sec-fetch-site': 'cross-site',
      origin: 'https://chat.example.org',
    });
    expect((await page.post('/chats', {})).status).toBe(201);
  });

  test('a foreign page may not sign its visitor in', async () => {
    const { username, password } = await newUser(server.url);
    const page = new Client(server.url, { origin: 'https://evil.example' });
    const { status, headers } = await page.post('/auth/sign-in', {
      login: username,
      password,
      mode: 'cookie',
    });
    expect(status).toBe(403);
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('is another one at each sign-in, and the one that came with it is worth nothing more', async () => {
    const { username, password } = await newUser(server.url);
    const former = await signInWithCookie();
    const browser = new Client(server.url, { cookie: former.cookie });
    const again = { login: username, password, mode: 'cookie' };
    const { headers } = await browser.post('/auth/sign-in', again);
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).not.toBe(former.cookie);
    expect((await browser.get('/me')).status).toBe(401);
    expect((await browser.with({ cookie }).get('/me')).body).toMatchObject({ username });
  });

  test('signing out takes it away, and what it was worth', async () => {
    const { cookie } = await signInWithCookie();
    const browser = new Client(server.url, { cookie });
    const out = await browser.post('/auth/sign-out');
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/);
    expect((await browser.get('/me')).status).toBe(401);
  });
});

describe('me', () => {
  test('is read and changed', async () => {
    const { client } = await newUser(server.url);
    const changed = await client.patch('/me', { email: 'new@example.org', first_name: 'New' });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ email: 'new@example.org', first_name: 'New' });
    expect((await client.patch('/me', { first_name: null })).body).toMatchObject({ first_name: null });
    expect((await client.get('/me')).body).toMatchObject({ email: 'new@example.org', first_name: null });
  });

  test('a new password ends every other login and spares this one', async () => {
    const { client, username, password } = await newUser(server.url);
    const guest = new Client(server.url);
    const { body } = await guest.post<Record<string, string>>('/auth/sign-in', { login: username, password });
    const other = new Client(server.url, { authorization: `Bearer ${body['access_token']}` });

    const wrong = await client.post('/me/password', { current_password: 'no', new_password: 'next' });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toMatchObject({ code: 'credentials-wrong' });
    const right = await client.post('/me/password', { current_password: password, new_password: 'next' });
    expect(right.status).toBe(204);

    expect((await other.get('/me')).status).toBe(401);
    expect((await client.get('/me')).status).toBe(200);
    expect((await guest.post('/auth/sign-in', { login: username, password: 'next' })).status).toBe(200);
  });
});
