import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { createV1Client, signInV1 } from '../support/v1-client.ts';
import { runCommand } from './run-command.ts';

/** Commands on the database of a server that is running all the while. */
describe('parlance user', () => {
  const data = temporaryFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ DATA_DIR: data.folder });
  });
  afterAll(async () => {
    await server.stop();
    data.remove();
  });

  const user = (words: readonly string[], input = '') =>
    runCommand(['user', ...words], { DATA_DIR: data.folder }, input);
  const signIn = (login: string, password: string) =>
    createV1Client(server.url, '').request('POST', '/api/v1/auth/sign-in', { login, password });

  async function signedIn(login: string, password: string) {
    const response = await signIn(login, password);
    expect(response.status).toBe(200);
    return createV1Client(server.url, ((await response.json()) as { access_token: string }).access_token);
  }

  it('creates accounts that can sign in, with a password from standard input', async () => {
    const made = await user(
      ['create', 'ada', '--email', 'ada@example.org', '--first-name', 'Ada', '--admin'],
      'a password of hers\nand another line\n',
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^created \d+ {2}ada {2}ada@example\.org {2}\d{4}-\d\d-\d\d {2}admin\n$/);
    const client = await signedIn('ada@example.org', 'a password of hers');
    expect(await client.json('GET', '/api/v1/me')).toMatchObject({ first_name: 'Ada', role: 'admin' });
  });

  it('makes a password and shows it once', async () => {
    const made = await user(['create', 'grace', '--generate']);
    const [, password = ''] = /^password: (\S{20})\n/.exec(made.stdout) ?? [];
    expect((await signIn('grace', password)).status).toBe(200);
  });

  it.concurrent.for([
    { words: ['create', 'silent'], input: '', says: 'No password was given on standard input.' },
    { words: ['create', 'empty'], input: '\n', says: 'Password must have 1 to 1024 characters' },
    { words: ['create', 'a@b'], input: 'password\n', says: 'Username must have' },
    { words: ['create', 'ADA'], input: 'password\n', says: 'Username already exists' },
    { words: ['create', 'e2', '--generate', '--email', 'bad'], input: '', says: 'mail' },
    { words: ['disable', 'nobody'], input: '', says: 'User not found' },
    { words: ['set-role', 'ada', 'king'], input: '', says: 'Allowed choices are user, admin' },
  ])('refuses $words in one sentence', async ({ words, input, says }, { expect }) => {
    const ran = await user(words, input);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(says);
    expect(ran.stderr).not.toMatch(/^ +at /m);
  });

  it.concurrent('gives somebody who is signed in another role, and lists it', async ({ expect }) => {
    const client = await signInV1(server.url, 'linus');
    const changed = await user(['set-role', 'linus', 'admin']);
    expect(changed).toMatchObject({ code: 0, stdout: 'linus has the role admin\n' });
    expect(await client.json('GET', '/api/v1/me')).toMatchObject({ role: 'admin' });
    expect((await user(['list'])).stdout).toMatch(/^\d+ {2}linus {2}\d{4}-\d\d-\d\d {2}admin\n/m);
    await user(['set-role', 'linus', 'user']);
    expect(await client.json('GET', '/api/v1/me')).toMatchObject({ role: 'user' });
  });

  it.concurrent('disables an account within a second, open streams too, until it is enabled', async ({
    expect,
  }) => {
    const client = await signInV1(server.url, 'bob');
    const ended = await streamEnd(client.token);
    expect(await user(['disable', 'bob'])).toMatchObject({ code: 0, stdout: 'bob is disabled\n' });
    const disabledAt = now();
    expect((await ended.at) - disabledAt).toBeLessThan(1_000);
    expect((await client.request('GET', '/api/v1/me')).status).toBe(403);
    expect((await signIn('bob', 'the password of bob')).status).toBe(403);
    expect((await user(['list'])).stdout).toMatch(/^\d+ {2}bob {2}\d{4}-\d\d-\d\d {2}disabled\n/m);

    expect(await user(['enable', 'bob'])).toMatchObject({ code: 0, stdout: 'bob is enabled\n' });
    // The login has ended for good; a new one is possible.
    expect((await client.request('GET', '/api/v1/me')).status).toBe(401);
    expect((await signIn('bob', 'the password of bob')).status).toBe(200);
  });

  it.concurrent('sets another password and ends every login within a second', async ({ expect }) => {
    const client = await signInV1(server.url, 'eve');
    const ended = await streamEnd(client.token);
    const reset = await user(['reset-password', 'eve'], 'another password\n');
    expect(reset).toMatchObject({ code: 0, stdout: 'eve has a new password; every login has ended\n' });
    const resetAt = now();
    expect((await ended.at) - resetAt).toBeLessThan(1_000);
    expect((await client.request('GET', '/api/v1/me')).status).toBe(401);
    expect((await signIn('eve', 'the password of eve')).status).toBe(401);
    expect((await signIn('eve', 'another password')).status).toBe(200);
  });

  /** Follows everything. Resolves when the stream is open; `at` tells when it ended, in order or cut. */
  async function streamEnd(token: string): Promise<{ at: Promise<number> }> {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/api/v1/events`, { headers });
    expect(response.status).toBe(200);
    return { at: response.text().then(now, now) };
  }
});

describe('parlance user, in a folder without a database', () => {
  const data = temporaryFolder();
  afterAll(data.remove);
  const user = (words: readonly string[], input = '') =>
    runCommand(['user', ...words], { DATA_DIR: data.folder }, input);
  const file = join(data.folder, 'parlance.db');

  it('makes none, unless for the first account, and then says so', async () => {
    for (const words of [
      ['list'],
      ['disable', 'ada'],
      ['enable', 'ada'],
      ['set-role', 'ada', 'admin'],
      ['reset-password', 'ada'],
    ])
      expect(await user(words, 'a password\n')).toEqual({
        code: 1,
        stdout: '',
        stderr: `parlance: There is no file ${file}\n`,
      });
    expect(readdirSync(data.folder)).toEqual([]);
    const made = await user(['create', 'ada'], 'a password\n');
    expect(made.stdout).toMatch(/^created 1 {2}ada .*\n/);
    expect(made.stdout).toContain(`\n${file} was made for it\n`);
    expect((await user(['create', 'bob'], 'a password\n')).stdout).toMatch(/^created 2 {2}bob .*\n$/);
  });
});

const now = () => performance.now();
