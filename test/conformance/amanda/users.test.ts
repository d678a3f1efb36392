import { describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import { createClient, failure, profileKeys, secrets } from './client.ts';

const client = createClient(inject('sharedUrl'));

describe('GET /api/user/profile', () => {
  it('README: `id`, `email`, `created_at`; and the first name', async () => {
    const { id, email, cookie } = await client.newUser();
    const answer = await client.call('GET /api/user/profile', { cookie });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id,
      email,
      first_name: null,
      created_at: expect.stringMatching(naiveTime) as string,
    });
    expect(answer.text).not.toMatch(secrets);
  });
});

describe('PATCH /api/user/profile', () => {
  it('wire: `{first_name?, email?}` → `{success, user}`', async () => {
    const { id, cookie, password } = await client.newUser();
    const { email } = client.credentials();
    const body = { first_name: ' Ada ', email: ` ${email.toUpperCase()}` };
    const answer = await client.call('PATCH /api/user/profile', { cookie, body });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['success', 'user']]);
    expect(keysOf(answer.body['user'])).toEqual(profileKeys);
    expect(answer.body).toMatchObject({ success: true, user: { id, email, first_name: 'Ada' } });
    const profile = await client.call('GET /api/user/profile', { cookie });
    expect(profile.body).toEqual(answer.body['user']);
    const login = await client.call('POST /api/auth/login', { body: { email, password } });
    expect(login.status).toBe(200);
  });

  it('changes what is given, and nothing else', async () => {
    const { email, cookie } = await client.newUser();
    const patch = (body: object) => client.call('PATCH /api/user/profile', { cookie, body });
    expect((await patch({ first_name: 'Ada' })).body['user']).toMatchObject({ email, first_name: 'Ada' });
    expect((await patch({})).body['user']).toMatchObject({ email, first_name: 'Ada' });
    expect((await patch({ first_name: null })).body['user']).toMatchObject({ email, first_name: null });
  });

  it.each([
    [{ email: 'nonsense' }, 400, 'Invalid email format'],
    [{ email: '' }, 400, 'Invalid email format'],
  ])('%j is %d %j', async (body, status, message) => {
    const { cookie } = await client.newUser();
    const answer = await client.call('PATCH /api/user/profile', { cookie, body });
    expect([answer.status, answer.body]).toEqual([status, failure(message)]);
  });

  it('an email of somebody else is 409 `Email already registered`', async () => {
    const { email } = await client.newUser();
    const { cookie } = await client.newUser();
    const answer = await client.call('PATCH /api/user/profile', { cookie, body: { email } });
    expect([answer.status, answer.body]).toEqual([409, failure('Email already registered')]);
  });

  it.each([
    [{ first_name: 7 }],
    [{ first_name: 'x'.repeat(101) }],
    [{ first_name: 'a\u0000b' }],
    [{ email: {} }],
  ])('%j is 400 with one sentence', async (body) => {
    const { cookie } = await client.newUser();
    const answer = await client.call('PATCH /api/user/profile', { cookie, body });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['message', 'success']]);
  });
});

describe('DELETE /api/user/account', () => {
  it('wire: the account goes with its logins, and its email is free again', async () => {
    const { email, password, cookie } = await client.newUser();
    const other = await client.call('POST /api/auth/login', { body: { email, password } });
    await client.newChat(cookie);
    const answer = await client.call('DELETE /api/user/account', { cookie });
    expect([answer.status, answer.body]).toEqual([
      200,
      { success: true, message: 'Account deleted successfully' },
    ]);
    expect(answer.headers.get('set-cookie')).toMatch(/session=; Max-Age=0/);
    for (const dead of [cookie, other.cookie ?? '']) {
      expect((await client.call('GET /api/user/profile', { cookie: dead })).status).toBe(401);
    }
    const login = await client.call('POST /api/auth/login', { body: { email, password } });
    expect([login.status, login.body]).toEqual([401, failure('Invalid email or password')]);
    const again = await client.call('POST /api/auth/signup', { body: { email, password } });
    expect(again.status).toBe(201);
    expect(await client.chats(again.cookie ?? '')).toEqual([]);
  });
});

describe('GET /api/branding', () => {
  it('wire: `{"success": true, "data": {...}}` for anybody: names and colours', async () => {
    const answer = await client.call('GET /api/branding');
    expect(answer.status).toBe(200);
    const color = expect.stringMatching(/^#[0-9a-f]{6}$/) as string;
    const name = expect.stringMatching(/\S/) as string;
    expect(answer.body).toEqual({
      success: true,
      data: {
        assistant_name: name,
        page_title: name,
        primary_color: color,
        secondary_color: color,
        accent_color: color,
      },
    });
  });
});
