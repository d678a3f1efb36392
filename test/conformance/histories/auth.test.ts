import { describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import { createClient, secrets, userKeys } from './client.ts';

const client = createClient(inject('historiesUrl'));

const fresh = () => `n${crypto.randomUUID().slice(0, 18)}`;

describe('POST /api/auth/register', () => {
  it('README "Register User": 201 with the user, superset of the wire page', async () => {
    const username = fresh();
    const email = `${username}@example.com`;
    const answer = await client.call('POST /api/auth/register', {
      body: { username, email, password: 'a secret' },
    });
    expect(answer.status).toBe(201);
    expect(keysOf(answer.body)).toEqual([...userKeys, 'message', 'user'].toSorted());
    expect(answer.body).toMatchObject({ username, email, message: 'User registered successfully' });
    expect(Number.isInteger(answer.body['id'])).toBe(true);
    expect(answer.body['created_at']).toMatch(naiveTime);
    const { id, created_at } = answer.body;
    expect(answer.body['user']).toEqual({ id, username, email, created_at });
    expect(answer.text).not.toMatch(secrets);
  });

  it.each([
    [{}],
    [{ username: 'x', email: 'x@example.com' }],
    [{ username: 'x', password: 'y' }],
    [{ email: 'x@example.com', password: 'y' }],
    [{ username: '', email: 'x@example.com', password: 'y' }],
  ])('wire "missing fields": %j is 400 `Missing required fields`', async (body) => {
    const answer = await client.call('POST /api/auth/register', { body });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Missing required fields' }]);
  });

  it.each([
    ['an email without @', { email: 'nonsense' }],
    ['a number as a name', { username: 7 }],
    ['NUL in the name', { username: 'a\u0000b' }],
    ['a lone surrogate', { username: 'a\ud800' }],
  ])('%s is 400 with one sentence', async (_name, wrong) => {
    const body = { username: fresh(), email: `${fresh()}@example.com`, password: 'pw', ...wrong };
    const answer = await client.call('POST /api/auth/register', { body });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
  });

  it('wire "duplicate 409": a name that is taken, without regard to case', async () => {
    const { username, email } = await client.newUser();
    const taken = await client.call('POST /api/auth/register', {
      body: { username: username.toUpperCase(), email: `${fresh()}@example.com`, password: 'pw' },
    });
    expect([taken.status, taken.body]).toEqual([409, { error: 'Username already exists' }]);
    const takenEmail = await client.call('POST /api/auth/register', {
      body: { username: fresh(), email: email.toUpperCase(), password: 'pw' },
    });
    expect([takenEmail.status, takenEmail.body]).toEqual([409, { error: 'Email already exists' }]);
  });
});

describe('POST /api/auth/login', () => {
  it('README "Login User" and what the React app reads: token, username, email at the top', async () => {
    const user = await client.newUser();
    const answer = await client.call('POST /api/auth/login', {
      body: { username: user.username, password: user.password },
    });
    expect(answer.status).toBe(200);
    expect(keysOf(answer.body)).toEqual(['access_token', 'email', 'message', 'token', 'user', 'username']);
    expect(answer.body['token']).toBe(answer.body['access_token']);
    expect(answer.body['token']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(answer.body).toMatchObject({ username: user.username, email: user.email });
    expect(keysOf(answer.body['user'])).toEqual(userKeys);
    expect(answer.body['user']).toMatchObject({ id: user.id, username: user.username, email: user.email });
    expect(answer.text).not.toMatch(secrets);
  });

  it('wire "`username` may hold an email", in any case', async () => {
    const { username, email, password } = await client.newUser();
    for (const login of [email, email.toUpperCase(), username.toUpperCase()]) {
      const answer = await client.call('POST /api/auth/login', { body: { username: login, password } });
      expect([answer.status, answer.body['username']]).toEqual([200, username]);
    }
  });

  it('wire "bad login": 401, the same for a wrong password and an unknown name', async () => {
    const { username } = await client.newUser();
    for (const login of [username, fresh()]) {
      const answer = await client.call('POST /api/auth/login', {
        body: { username: login, password: 'wrong' },
      });
      expect([answer.status, answer.body]).toEqual([401, { error: 'Invalid username or password' }]);
    }
  });

  it.each([[{}], [{ username: 'x' }], [{ password: 'x' }], [{ username: '', password: '' }]])(
    'wire "login: `Missing username or password`": %j',
    async (body) => {
      const answer = await client.call('POST /api/auth/login', { body });
      expect([answer.status, answer.body]).toEqual([400, { error: 'Missing username or password' }]);
    },
  );
});

describe('GET /api/auth/me', () => {
  it('README "Get Current User"', async () => {
    const { id, username, email, token } = await client.newUser();
    const answer = await client.call('GET /api/auth/me', { token });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id,
      username,
      email,
      created_at: expect.stringMatching(naiveTime) as string,
    });
  });

  it('wire "no token": 401 with msg and error', async () => {
    const answer = await client.call('GET /api/auth/me');
    const sentence = 'Missing Authorization Header';
    expect([answer.status, answer.body]).toEqual([401, { msg: sentence, error: sentence }]);
  });

  it.each(['Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic abc', 'Bearer a b', 'bearer'])(
    'wire README 6: the header %j is 401 with msg and error',
    async (authorization) => {
      const answer = await client.call('GET /api/auth/me', { headers: { authorization } });
      expect([answer.status, keysOf(answer.body)]).toEqual([401, ['error', 'msg']]);
      expect(answer.body['msg']).toBe(answer.body['error']);
    },
  );

  it('does not believe a token whose signature was changed or left out', async () => {
    const { token } = await client.newUser();
    const [header, claims] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of [
      `${header}.${claims}.${'A'.repeat(43)}`,
      `${none}.${claims}.`,
      `${header}.${claims}.`,
    ]) {
      expect((await client.call('GET /api/auth/me', { token: forged })).status).toBe(401);
    }
  });
});

describe('POST /api/auth/logout', () => {
  it('README "Logout User"; wire "the token is dead from then on", and only that one', async () => {
    const { username, password, token } = await client.newUser();
    const other = await client.call('POST /api/auth/login', { body: { username, password } });
    const answer = await client.call('POST /api/auth/logout', {
      token,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Successfully logged out' }]);
    for (const route of ['GET /api/auth/me', 'POST /api/auth/logout', 'GET /api/chat/histories']) {
      const refused = await client.call(route, { token });
      expect([refused.status, keysOf(refused.body)]).toEqual([401, ['error', 'msg']]);
    }
    const living = await client.call('GET /api/auth/me', { token: other.body['token'] as string });
    expect(living.status).toBe(200);
  });
});
