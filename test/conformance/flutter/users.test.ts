import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient, forbidden, problemsOf, userKeys, uuid } from './client.ts';

const client = createClient(inject('sharedUrl'));
const fresh = () => `n${randomUUID().slice(0, 18)}`;

describe('POST /token', () => {
  it('README and wire: form data in, `access_token` and `token_type` out', async () => {
    const { username, password } = await client.newUser();
    const answer = await client.signIn({ username, password });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      token_type: 'bearer',
    });
  });

  it('wire "`grant_type` optional", and whatever else such a form carries; an email is a name too', async () => {
    const { email, password } = await client.newUser();
    const form = { grant_type: 'password', scope: '', username: email.toUpperCase(), password };
    expect((await client.signIn(form)).status).toBe(200);
  });

  it('takes the form as multipart, too', async () => {
    const { username, password } = await client.newUser();
    const raw = new FormData();
    raw.set('username', username);
    raw.set('password', password);
    expect((await client.call('POST /token', { raw })).status).toBe(200);
  });

  it('wire "Wrong: 401", the same for a wrong password and an unknown name', async () => {
    const { username } = await client.newUser();
    for (const login of [username, fresh()]) {
      const answer = await client.signIn({ username: login, password: 'wrong' });
      expect([answer.status, answer.body]).toEqual([401, { detail: 'Incorrect username or password' }]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('wire "JSON body: 422", even with the right password', async () => {
    const { username, password } = await client.newUser();
    const answer = await client.call('POST /token', { body: { username, password } });
    expect(answer.status).toBe(422);
    expect(problemsOf(answer).map(({ type, loc, msg }) => [type, loc, msg])).toEqual([
      ['missing', ['body', 'username'], 'Field required'],
      ['missing', ['body', 'password'], 'Field required'],
    ]);
    expect(answer.text).not.toContain(password);
  });

  it('wire "missing field: 422"', async () => {
    const answer = await client.signIn({ username: 'somebody' });
    expect(answer.status).toBe(422);
    expect(answer.body).toEqual({
      detail: [
        {
          type: 'missing',
          loc: ['body', 'password'],
          msg: 'Field required',
          input: { username: 'somebody' },
        },
      ],
    });
  });
});

describe('POST /users/', () => {
  it('README "Create new user"; wire: 200 with id, username, email and nothing else', async () => {
    const username = fresh();
    const email = `${username}@example.com`;
    const answer = await client.call('POST /users/', { body: { username, email, password: 'a secret' } });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, userKeys]);
    expect(answer.body).toEqual({ id: expect.stringMatching(uuid) as string, username, email });
  });

  it('wire "duplicate 400", without regard to case', async () => {
    const { username, email } = await client.newUser();
    const taken = await client.call('POST /users/', {
      body: { username: username.toUpperCase(), email: `${fresh()}@example.com`, password: 'pw' },
    });
    expect([taken.status, taken.body]).toEqual([400, { detail: 'Username already registered' }]);
    const takenEmail = await client.call('POST /users/', {
      body: { username: fresh(), email: email.toUpperCase(), password: 'pw' },
    });
    expect([takenEmail.status, takenEmail.body]).toEqual([400, { detail: 'Email already registered' }]);
  });

  it('wire "422 body": every missing field is named', async () => {
    const answer = await client.call('POST /users/', { body: { email: 'a@example.com' } });
    const input = { email: 'a@example.com' };
    expect([answer.status, answer.body]).toEqual([
      422,
      {
        detail: ['username', 'password'].map((field) => ({
          type: 'missing',
          loc: ['body', field],
          msg: 'Field required',
          input,
        })),
      },
    ]);
  });

  it.each([
    ['a number as a name', { username: 7 }, 'string_type', 'username', 7],
    ['no name', { username: null }, 'string_type', 'username', null],
    ['an email without @', { email: 'nonsense' }, 'value_error', 'email', 'nonsense'],
    ['an empty name', { username: '' }, 'value_error', 'username', ''],
    ['a password that is a number', { password: 12_345_678 }, 'string_type', 'password', null],
    ['an empty password', { password: '' }, 'value_error', 'password', null],
  ] as const)('%s is 422', async (_name, wrong, ...[type, field, input]) => {
    const body = { username: fresh(), email: `${fresh()}@example.com`, password: 'pw', ...wrong };
    const answer = await client.call('POST /users/', { body });
    expect(answer.status).toBe(422);
    expect(problemsOf(answer)).toEqual([
      { type, loc: ['body', field], msg: expect.stringMatching(/\w+/) as string, input },
    ]);
    expect(answer.text).not.toContain('12345678');
  });
});

describe('GET /users/me', () => {
  it('README "Get current user profile"', async () => {
    const { id, username, email, token } = await client.newUser();
    const answer = await client.call('GET /users/me', { token });
    expect([answer.status, answer.body]).toEqual([200, { id, username, email }]);
    expect(answer.text).not.toMatch(forbidden);
  });

  it.each(['Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic abc', 'Bearer a b'])(
    'wire "bad token": the header %j is 401',
    async (authorization) => {
      const answer = await client.call('GET /users/me', { headers: { authorization } });
      expect([answer.status, answer.body]).toEqual([401, { detail: 'Could not validate credentials' }]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    },
  );

  it('does not believe a token whose signature was changed or left out', async () => {
    const { token } = await client.newUser();
    const [header, claims] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of [`${header}.${claims}.${'A'.repeat(43)}`, `${none}.${claims}.`]) {
      expect((await client.call('GET /users/me', { token: forged })).status).toBe(401);
    }
  });
});
