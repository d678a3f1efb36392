import { describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { cookieOf, createClient, secrets, userKeys } from './client.ts';

const client = createClient(inject('sharedUrl'));
const fresh = () => `n${crypto.randomUUID().slice(0, 18)}`;
const missing = [
  {},
  { username: 'x' },
  { password: 'y' },
  { username: '', password: 'y' },
  { username: 'x', password: null },
];
const refusal = 'Authentication required';

describe('GET /api/test', () => {
  it('README "Test Connection"', async () => {
    const answer = await client.call('GET /api/test');
    expect([answer.status, answer.body]).toEqual([200, { message: 'Server is running' }]);
  });
});

describe('POST /api/signup', () => {
  it('README "Register User"; wire: 201, also `user_id`; nobody is signed in by it', async () => {
    const answer = await client.call('POST /api/signup', {
      body: { username: fresh(), password: 'a secret' },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      message: 'User created successfully',
      user_id: expect.any(Number) as number,
    });
    expect(Number.isInteger(answer.body['user_id'])).toBe(true);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.text).not.toMatch(secrets);
  });

  it.each(missing)('wire "400s": %j is `Username and password are required`', async (body) => {
    const answer = await client.call('POST /api/signup', { body });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Username and password are required' }]);
  });

  it('wire "Duplicate 400", without regard to case', async () => {
    const { username } = await client.newUser();
    for (const taken of [username, username.toUpperCase()]) {
      const answer = await client.call('POST /api/signup', { body: { username: taken, password: 'pw' } });
      expect([answer.status, answer.body]).toEqual([400, { error: 'Username already exists' }]);
    }
  });

  it('of two who want the same name at once, one gets it', async () => {
    const body = { username: fresh(), password: 'pw' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.call('POST /api/signup', { body })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
  });

  it.each([
    ['a number as a name', { username: 7 }],
    ['NUL in the name', { username: 'a\u0000b' }],
    ['a lone surrogate', { username: 'a\ud800' }],
    ['a name that is too long', { username: 'x'.repeat(81) }],
    ['a list as a password', { password: ['x'] }],
  ])('%s is 400 with one sentence', async (_name, wrong) => {
    const body = { username: fresh(), password: 'pw', ...wrong };
    const answer = await client.call('POST /api/signup', { body });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
  });
});

describe('POST /api/login', () => {
  it('README "Login"; wire: `user` has `user_id` too', async () => {
    const { username, password, id } = await client.newUser();
    const answer = await client.call('POST /api/login', { body: { username, password } });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ message: 'Login successful', user: { id, user_id: id, username } });
    expect(keysOf(answer.body['user'])).toEqual(userKeys);
    expect(answer.text).not.toMatch(secrets);
  });

  it('wire "Cookie `session`": HttpOnly, SameSite=Lax, Path=/, no Secure over http; no date that would not slide', async () => {
    const { username, password } = await client.newUser();
    const { headers } = await client.call('POST /api/login', { body: { username, password } });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/) as string,
    ]);
  });

  it('gives a new secret each time, and ends the login whose cookie came with it', async () => {
    const { username, password, cookie } = await client.newUser();
    const answer = await client.call('POST /api/login', { cookie, body: { username, password } });
    expect(cookieOf(answer)).not.toBe(cookie);
    expect((await client.call('GET /api/conversations', { cookie })).status).toBe(401);
    expect((await client.call('GET /api/conversations', { cookie: cookieOf(answer) })).status).toBe(200);
  });

  it('wire "Wrong 401": for a wrong password and an unknown name alike, without a cookie', async () => {
    const { username } = await client.newUser();
    for (const body of [
      { username, password: 'wrong' },
      { username: fresh(), password: 'wrong' },
    ]) {
      const answer = await client.call('POST /api/login', { body });
      expect([answer.status, answer.body]).toEqual([401, { error: 'Invalid username or password' }]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it.each(missing)('wire "400s": %j is `Username and password are required`', async (body) => {
    const answer = await client.call('POST /api/login', { body });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Username and password are required' }]);
  });
});

/** Both ways do the same. */
function testLogout(route: string): void {
  it('README "Logout": the login is dead, and no other one', async () => {
    const { username, password, cookie } = await client.newUser();
    const other = await client.signIn(username, password);
    const answer = await client.call(route, { cookie });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Logged out successfully' }]);
    expect(answer.headers.getSetCookie()).toEqual(['session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    const refused = await client.call('GET /api/conversations', { cookie });
    expect([refused.status, refused.body]).toEqual([401, { error: refusal }]);
    expect((await client.call('GET /api/conversations', { cookie: other })).status).toBe(200);
  });

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { referer: 'https://evil.example/' },
  ])('wire "refuse it when a browser says it comes from another site": %j', async (headers) => {
    const { cookie } = await client.newUser();
    const answer = await client.call(route, { cookie, headers });
    expect([answer.status, keysOf(answer.body)]).toEqual([403, ['error']]);
    expect((await client.call('GET /api/conversations', { cookie })).status).toBe(200);
  });

  it('works from the frontend of the README', async () => {
    const { cookie } = await client.newUser();
    const headers = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' };
    expect((await client.call(route, { cookie, headers })).status).toBe(200);
  });

  it('wire README 1: an empty body with a JSON content type is no body', async () => {
    const { cookie } = await client.newUser();
    const headers = { 'content-type': 'application/json' };
    expect((await client.call(route, { cookie, headers })).status).toBe(200);
  });
}

describe('GET /api/logout', () => {
  testLogout('GET /api/logout');

  it('is not done for who only looks whether the link works', async () => {
    const { cookie } = await client.newUser();
    const { status } = await fetch(`${client.url}/api/logout`, { method: 'HEAD', headers: { cookie } });
    expect(status).toBe(405);
    expect((await client.call('GET /api/conversations', { cookie })).status).toBe(200);
  });
});

describe('POST /api/logout', () => {
  testLogout('POST /api/logout');
});

describe('POST /api/logout/:user_id', () => {
  it('wire "own id": 200 with the id in the sentence, and the login is dead', async () => {
    const { id, cookie } = await client.newUser();
    const answer = await client.call(`POST /api/logout/${id}`, { cookie });
    expect([answer.status, answer.body]).toEqual([200, { message: `User ${id} logged out successfully` }]);
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    expect((await client.call('GET /api/conversations', { cookie })).status).toBe(401);
  });

  it('wire "another’s": 403, and nobody is logged out', async () => {
    const { id, cookie } = await client.newUser();
    const victim = await client.newUser();
    for (const other of [victim.id, `0${id}`, `+${id}`, `${id}.0`, '9007199254740993']) {
      const answer = await client.call(`POST /api/logout/${other}`, { cookie });
      expect([answer.status, answer.body]).toEqual([403, { error: 'Cannot logout different user' }]);
    }
    for (const living of [cookie, victim.cookie]) {
      expect((await client.call('GET /api/conversations', { cookie: living })).status).toBe(200);
    }
  });
});

describe('GET /api/current_user', () => {
  it('wire: `user` with id, user_id and username', async () => {
    const { id, username, cookie } = await client.newUser();
    const answer = await client.call('GET /api/current_user', { cookie });
    expect([answer.status, answer.body]).toEqual([200, { user: { id, user_id: id, username } }]);
  });

  it('wire "anonymous is 200 `{"user": null}`", and so is a login that has ended', async () => {
    const { cookie } = await client.newUser();
    await client.call('POST /api/logout', { cookie });
    for (const headers of [{}, { cookie }, { cookie: 'session=nonsense' }, { cookie: 'session=' }]) {
      const answer = await client.call('GET /api/current_user', { headers });
      expect([answer.status, answer.body]).toEqual([200, { user: null }]);
    }
  });
});
