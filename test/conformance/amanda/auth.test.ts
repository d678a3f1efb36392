import { describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient, failure, secrets } from './client.ts';

const client = createClient(inject('sharedUrl'));
const attributes = (header: string | null) => (header ?? '').split('; ').slice(1).toSorted();

describe('POST /api/auth/signup', () => {
  it('README: 201 `success`, `message`, `user_id`; wire: it signs in as well', async () => {
    const { email, password } = client.credentials();
    const answer = await client.call('POST /api/auth/signup', { body: { email, password } });
    expect([answer.status, answer.body]).toEqual([
      201,
      { success: true, message: 'Account created successfully', user_id: expect.any(Number) as number },
    ]);
    const check = await client.call('GET /api/auth/check', { cookie: answer.cookie ?? '' });
    expect(check.body).toEqual({ authenticated: true, user: { id: answer.body['user_id'], email } });
  });

  it('the cookie is HttpOnly, for every path, and not sent by other sites', async () => {
    const answer = await client.call('POST /api/auth/signup', { body: client.credentials() });
    const expected = ['HttpOnly', 'Path=/', 'SameSite=Lax'];
    const isSecure = client.url.startsWith('https');
    expect(attributes(answer.headers.get('set-cookie'))).toEqual(
      isSecure ? [...expected, 'Secure'] : expected,
    );
  });

  it('wire "Emails are trimmed and lower-cased"', async () => {
    const { email, password } = client.credentials();
    const { cookie = '' } = await client.call('POST /api/auth/signup', {
      body: { email: `  ${email.toUpperCase()} `, password },
    });
    const { body } = await client.call('GET /api/user/profile', { cookie });
    expect(body['email']).toBe(email);
  });

  it.each([
    [{}],
    [{ email: 'x@example.com' }],
    [{ password: 'long enough' }],
    [{ email: '', password: 'long enough' }],
    [{ email: '  ', password: 'long enough' }],
    [{ email: 'x@example.com', password: '' }],
    [{ email: 'x@example.com', password: null }],
    [{ email: 'x@example.com', password: 12_345_678 }],
    [{ email: ['x@example.com'], password: 'long enough' }],
  ])('wire: %j is 400 `Email and password are required`', async (body) => {
    const answer = await client.call('POST /api/auth/signup', { body });
    expect([answer.status, answer.body]).toEqual([400, failure('Email and password are required')]);
    expect(answer.cookie).toBeUndefined();
  });

  it.each(['nonsense', 'a@', '@b.example', 'a b@example.com', 'a@b', 'a@b@c.example', 'a\u0000@example.com'])(
    'wire: %j is 400 `Invalid email format`',
    async (email) => {
      const answer = await client.call('POST /api/auth/signup', { body: { email, password: 'short' } });
      expect([answer.status, answer.body]).toEqual([400, failure('Invalid email format')]);
    },
  );

  it.each(['1234567', '\u{1f600}'.repeat(7)])(
    'wire: the password %j is 400 `Password must be at least 8 characters long`',
    async (password) => {
      const { email } = client.credentials();
      const answer = await client.call('POST /api/auth/signup', { body: { email, password } });
      expect([answer.status, answer.body]).toEqual([
        400,
        failure('Password must be at least 8 characters long'),
      ]);
    },
  );

  it('takes a password of exactly 8 characters', async () => {
    const { email } = client.credentials();
    const answer = await client.call('POST /api/auth/signup', { body: { email, password: '12345678' } });
    expect(answer.status).toBe(201);
  });

  it.each([
    ['a password that is too long', { password: 'x'.repeat(1025) }],
    ['a password with NUL', { password: 'long enough \u0000' }],
    ['a password with a lone surrogate', { password: 'long enough \ud800' }],
  ])('%s is 400 with one sentence', async (_name, wrong) => {
    const answer = await client.call('POST /api/auth/signup', {
      body: { ...client.credentials(), ...wrong },
    });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['message', 'success']]);
    expect(answer.cookie).toBeUndefined();
  });

  it('wire: a known email, in any case, is 409 `Email already registered`', async () => {
    const { email } = await client.newUser();
    const answer = await client.call('POST /api/auth/signup', {
      body: { email: email.toUpperCase(), password: 'another password' },
    });
    expect([answer.status, answer.body]).toEqual([409, failure('Email already registered')]);
    expect(answer.cookie).toBeUndefined();
  });
});

describe('POST /api/auth/login', () => {
  it('README: 200 `success`, `message`, `user`, and a cookie of its own', async () => {
    const { id, email, password, cookie } = await client.newUser();
    const answer = await client.call('POST /api/auth/login', { body: { email, password } });
    expect([answer.status, answer.body]).toEqual([
      200,
      { success: true, message: 'Login successful', user: { id, email } },
    ]);
    expect(answer.cookie).toMatch(/session=\S{20}/);
    expect(answer.cookie).not.toBe(cookie);
    expect(answer.text).not.toMatch(secrets);
  });

  it('wire: trimmed, in any case', async () => {
    const { email, password } = await client.newUser();
    const body = { email: ` ${email.toUpperCase()}`, password };
    expect((await client.call('POST /api/auth/login', { body })).status).toBe(200);
  });

  it('wire `Invalid email or password`: 401, the same for a wrong password and an unknown email', async () => {
    const { email } = await client.newUser();
    for (const login of [email, client.credentials().email, 'no email at all']) {
      const answer = await client.call('POST /api/auth/login', {
        body: { email: login, password: 'wrong one' },
      });
      expect([answer.status, answer.body]).toEqual([401, failure('Invalid email or password')]);
      expect(answer.cookie).toBeUndefined();
    }
  });

  it.each([
    [{ email: 'x@example.com' }],
    [{ email: '', password: 'x' }],
    [{ email: 'x@example.com', password: null }],
  ])('wire: %j is 400 `Email and password are required`', async (body) => {
    const answer = await client.call('POST /api/auth/login', { body });
    expect([answer.status, answer.body]).toMatchObject([400, failure('Email and password are required')]);
  });
});

describe('POST /api/auth/logout', () => {
  it('README: the sentence; the login is dead from then on, and only that one', async () => {
    const { email, password, cookie } = await client.newUser();
    const other = await client.call('POST /api/auth/login', { body: { email, password } });
    const answer = await client.call('POST /api/auth/logout', { cookie });
    expect([answer.status, answer.body]).toEqual([
      200,
      { success: true, message: 'Logged out successfully' },
    ]);
    expect(answer.headers.get('set-cookie')).toMatch(/session=; Max-Age=0/);
    const dead = await client.call('GET /api/user/profile', { cookie });
    expect([dead.status, dead.body]).toEqual([401, failure('Authentication required')]);
    expect((await client.call('GET /api/user/profile', { cookie: other.cookie ?? '' })).status).toBe(200);
  });

  it.each(['', 'session=nonsense', `session=${'A'.repeat(43)}`])(
    'wire "always 200", with the cookie %j',
    async (cookie) => {
      const answer = await client.call('POST /api/auth/logout', { cookie });
      expect([answer.status, answer.body]).toEqual([
        200,
        { success: true, message: 'Logged out successfully' },
      ]);
    },
  );
});

describe('GET /api/auth/check', () => {
  it('README: `authenticated` and the `user`', async () => {
    const { id, email, cookie } = await client.newUser();
    const answer = await client.call('GET /api/auth/check', { cookie });
    expect([answer.status, answer.body]).toEqual([200, { authenticated: true, user: { id, email } }]);
  });

  it.each(['', 'session=', 'session=nonsense', 'other=1'])(
    'wire: always 200; `{"authenticated": false}` with %j',
    async (cookie) => {
      const answer = await client.call('GET /api/auth/check', { cookie });
      expect([answer.status, answer.text]).toEqual([200, '{"authenticated":false}']);
    },
  );
});
