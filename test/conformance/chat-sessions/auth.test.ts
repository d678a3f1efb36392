import { describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import {
  createClient,
  failed,
  newName,
  password,
  secrets,
  tokenKeys,
  type Tokens,
  type User,
  userKeys,
  uuid,
} from './client.ts';

const client = createClient(inject('sharedUrl'));
const register = (body: unknown) => client.call('POST /auth/register', { body });
const login = (body: unknown) => client.call('POST /auth/login', { body });
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

describe('POST /auth/register', () => {
  it('README "Register User"; wire: 201 with message, user, tokens', async () => {
    const username = newName();
    const email = `${username}@example.com`;
    const answer = await register({ username, email, password });
    expect(answer.status).toBe(201);
    expect(keysOf(answer.body)).toEqual(['message', 'tokens', 'user']);
    expect(answer.body['message']).toBe('User registered successfully');
    expect(keysOf(answer.body['user'])).toEqual(userKeys);
    expect(answer.body['user']).toEqual({
      id: expect.stringMatching(uuid) as string,
      username,
      email,
      created_at: expect.stringMatching(naiveTime) as string,
      updated_at: expect.stringMatching(naiveTime) as string,
      is_active: true,
      is_verified: false,
    });
    const tokens = answer.body['tokens'] as Tokens;
    expect(keysOf(tokens)).toEqual(tokenKeys);
    expect(tokens.token_type).toBe('bearer');
    expect(tokens.access_token).toMatch(tokenForm);
    expect(tokens.refresh_token).toMatch(tokenForm);
    expect(answer.text).not.toMatch(secrets);
    const verified = await client.call('GET /auth/verify', { token: tokens.access_token });
    expect(verified.body['user']).toEqual(answer.body['user']);
  });

  it.each([
    [{ password }, ['username is required', 'email is required']],
    [{ username: 'some_one' }, ['email is required', 'password is required']],
    [{ username: '', email: ' ', password: null }, ['username', 'email', 'password'].map(required)],
    [
      { username: 5, email: ['a@example.com'], password: {} },
      ['username', 'email', 'password'].map(required),
    ],
  ])('wire "Validation failed", field names as on the wire: %j', async (body, details) => {
    const answer = await register(body);
    expect([answer.status, answer.body]).toEqual([400, failed(...details)]);
  });

  it('wire "`Request body is required`": for {} and for nothing at all', async () => {
    for (const answer of [await register({}), await client.call('POST /auth/register')]) {
      expect([answer.status, answer.body]).toEqual([400, { error: 'Request body is required' }]);
    }
  });

  it.each([
    ['ab', 'Username must be between 3 and 80 characters'],
    ['a'.repeat(81), 'Username must be between 3 and 80 characters'],
    ['john doe', 'Username can only contain letters, numbers, and underscores'],
    ['john-doe', 'Username can only contain letters, numbers, and underscores'],
    ['jöhn', 'Username can only contain letters, numbers, and underscores'],
    ['john@doe', 'Username can only contain letters, numbers, and underscores'],
    ['a\u0000bc', 'Username can only contain letters, numbers, and underscores'],
  ])('README "Username Requirements": %j is refused with one sentence', async (username, sentence) => {
    const answer = await register({ username, email: `${newName()}@example.com`, password });
    expect([answer.status, answer.body]).toEqual([400, failed(sentence)]);
  });

  it.each([
    ['Short1a', ['Password must be at least 8 characters long']],
    ['lowercase1', ['Password must contain at least one uppercase letter']],
    ['UPPERCASE1', ['Password must contain at least one lowercase letter']],
    ['NoNumbers', ['Password must contain at least one number']],
    [
      'ab',
      [
        'Password must be at least 8 characters long',
        'Password must contain at least one uppercase letter',
        'Password must contain at least one number',
      ],
    ],
    [`Aa1${'x'.repeat(1022)}`, ['Password cannot exceed 1024 characters']],
    ['Aa1xxxxx\ud800', ['Password must be valid Unicode without NUL characters']],
  ])('README "Password Requirements": %j says each broken rule', async (weak, details) => {
    const username = newName();
    const answer = await register({ username, email: `${username}@example.com`, password: weak });
    expect([answer.status, answer.body]).toEqual([400, failed(...details)]);
  });

  it.each(['nonsense', 'a@b', 'two@@example.com', `${'x'.repeat(120)}@example.com`, 'a b@example.com'])(
    'the email %j is refused',
    async (email) => {
      const answer = await register({ username: newName(), email, password });
      expect([answer.status, answer.body]).toEqual([400, failed('Invalid email format')]);
    },
  );

  it('an address that could never receive mail is refused in the same form', async () => {
    const answer = await register({ username: newName(), email: 'a..b@example.com', password });
    expect([answer.status, answer.body['error']]).toEqual([400, 'Validation failed']);
    expect(answer.body['details']).toHaveLength(1);
  });

  it('README "Conflict Errors (409)": names that are taken, without regard to case', async () => {
    const { username, email } = await client.newUser();
    const other = `${newName()}@example.com`;
    const taken = await register({ username: username.toUpperCase(), email: other, password });
    expect([taken.status, taken.body]).toEqual([409, { error: 'Username already exists' }]);
    const takenEmail = await register({ username: newName(), email: email.toUpperCase(), password });
    expect([takenEmail.status, takenEmail.body]).toEqual([409, { error: 'Email already exists' }]);
  });

  it('wire "HTML tags are stripped from username, email"', async () => {
    const name = newName();
    const body = { username: `<b>${name}</b>`, email: `<i>${name}@example.com</i>`, password };
    const answer = await register(body);
    expect([answer.status, answer.body['user']]).toMatchObject([
      201,
      { username: name, email: `${name}@example.com` },
    ]);
  });

  it('tags within tags do not stall it', async () => {
    const username = `${'<a'.repeat(100_000)}${'>'.repeat(100_000)}`;
    expect((await register({ username, email: 'x@example.com', password })).status).toBe(400);
  });
});

describe('POST /auth/login', () => {
  it('README "Login User"; wire: 200 with message, user, tokens', async () => {
    const { id, username, email } = await client.newUser();
    const answer = await login({ username, password });
    expect([answer.status, answer.body['message']]).toEqual([200, 'Login successful']);
    expect(keysOf(answer.body)).toEqual(['message', 'tokens', 'user']);
    expect(keysOf(answer.body['user'])).toEqual(userKeys);
    expect(answer.body['user']).toMatchObject({ id, username, email });
    expect(keysOf(answer.body['tokens'])).toEqual(tokenKeys);
    expect(answer.text).not.toMatch(secrets);
  });

  it('wire "`username` may hold an email", in any case', async () => {
    const { id, username, email } = await client.newUser();
    for (const name of [email, email.toUpperCase(), username.toUpperCase(), ` ${username} `]) {
      const answer = await login({ username: name, password });
      expect([answer.status, (answer.body['user'] as User).id]).toEqual([200, id]);
    }
  });

  it('README "Authentication Errors (401)": the same for a wrong password and an unknown name', async () => {
    const { username } = await client.newUser();
    for (const body of [
      { username, password: 'WrongPass123' },
      { username: newName(), password },
    ]) {
      const answer = await login(body);
      expect([answer.status, answer.body]).toEqual([401, { error: 'Invalid username or password' }]);
    }
  });

  it.each([
    [{ username: 'x' }, ['password is required']],
    [{ password: 'x' }, ['username is required']],
    [{ username: '', password: '' }, ['username is required', 'password is required']],
    [{ username: 7, password: ['x'] }, ['username is required', 'password is required']],
  ])('wire "Validation failed": %j', async (body, details) => {
    const answer = await login(body);
    expect([answer.status, answer.body]).toEqual([400, failed(...details)]);
  });

  it('wire "`Request body is required`"', async () => {
    const answer = await login({});
    expect([answer.status, answer.body]).toEqual([400, { error: 'Request body is required' }]);
  });
});

describe('GET /auth/profile', () => {
  it('README "Get Profile"; wire: `{user: U + session_count}`', async () => {
    const { token, id, username, email } = await client.newUser();
    for (const count of [0, 1, 2]) {
      const answer = await client.call('GET /auth/profile', { token });
      expect([answer.status, keysOf(answer.body)]).toEqual([200, ['user']]);
      expect(keysOf(answer.body['user'])).toEqual([...userKeys, 'session_count'].toSorted());
      expect(answer.body['user']).toMatchObject({ id, username, email, session_count: count });
      expect(answer.text).not.toMatch(secrets);
      await client.newSession(token);
    }
  });
});

describe('PUT /auth/profile', () => {
  const update = (token: string, body: unknown) => client.call('PUT /auth/profile', { token, body });

  it('README "Update Profile": all three at once; the new ones sign in, the old do not', async () => {
    const { token, username, id } = await client.newUser();
    const next = newName();
    const body = { username: next, email: `${next}@example.com`, password: 'NewSecurePass123' };
    const answer = await update(token, body);
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['message', 'user']]);
    expect(answer.body['message']).toBe('Profile updated successfully');
    expect(keysOf(answer.body['user'])).toEqual(userKeys);
    expect(answer.body['user']).toMatchObject({ id, username: next, email: body.email });
    expect(answer.text).not.toMatch(secrets);
    expect((await login({ username: next, password: body.password })).status).toBe(200);
    expect((await login({ username: body.email, password })).status).toBe(401);
    expect((await login({ username, password: body.password })).status).toBe(401);
  });

  it('wire "any subset of fields": the others stay', async () => {
    const { token, username, email } = await client.newUser();
    const next = newName();
    const renamed = await update(token, { username: next });
    expect(renamed.body['user']).toMatchObject({ username: next, email });
    const moved = await update(token, { email: `new_${email}` });
    expect(moved.body['user']).toMatchObject({ username: next, email: `new_${email}` });
    expect((await login({ username: next, password })).status).toBe(200);
    expect((await login({ username, password })).status).toBe(401);
  });

  it('wire "`{}` is 400"', async () => {
    const { token } = await client.newUser();
    const answer = await update(token, {});
    expect([answer.status, answer.body]).toEqual([400, { error: 'Request body is required' }]);
  });

  it('wire "taken is 409", and then nothing has changed', async () => {
    const other = await client.newUser();
    const { token, username } = await client.newUser();
    const taken = await update(token, { username: other.username, password: 'NewSecurePass123' });
    expect([taken.status, taken.body]).toEqual([409, { error: 'Username already exists' }]);
    const takenEmail = await update(token, { username: newName(), email: other.email });
    expect([takenEmail.status, takenEmail.body]).toEqual([409, { error: 'Email already exists' }]);
    expect((await login({ username, password })).status).toBe(200);
    expect((await update(token, { username: username.toUpperCase() })).status).toBe(200);
  });

  it.each([
    [{ username: 'x' }, 'Username must be between 3 and 80 characters'],
    [{ email: 'x' }, 'Invalid email format'],
    [{ password: 'Short1' }, 'Password must be at least 8 characters long'],
    [{ username: '' }, 'username is required'],
  ])('the rules of registering hold: %j', async (body, sentence) => {
    const { token } = await client.newUser();
    const answer = await update(token, body);
    expect([answer.status, answer.body]).toEqual([400, failed(sentence)]);
  });

  it('wire README 10: a new password ends every other login, and this one lives on', async () => {
    const { token, username, refreshToken } = await client.newUser();
    const other = await client.signIn(username);
    expect((await update(token, { password: 'NewSecurePass123' })).status).toBe(200);
    expect((await client.call('GET /auth/verify', { token: other.access_token })).status).toBe(401);
    expect((await client.call('POST /auth/refresh', { token: other.refresh_token })).status).toBe(401);
    expect((await client.call('GET /auth/verify', { token })).status).toBe(200);
    expect((await client.call('POST /auth/refresh', { token: refreshToken })).status).toBe(200);
  });
});

describe('GET /auth/verify', () => {
  it('wire: `{message: "Token is valid", user: U}`', async () => {
    const { token, id, username, email } = await client.newUser();
    const answer = await client.call('GET /auth/verify', { token });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['message', 'user']]);
    expect(answer.body['message']).toBe('Token is valid');
    expect(keysOf(answer.body['user'])).toEqual(userKeys);
    expect(answer.body['user']).toMatchObject({ id, username, email });
    expect(answer.text).not.toMatch(secrets);
  });
});

function required(field: string): string {
  return `${field} is required`;
}
