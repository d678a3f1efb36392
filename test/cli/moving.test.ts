import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samples } from '../support/sample-files.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { createV1Client, signInV1 } from '../support/v1-client.ts';
import { runCommand } from './run-command.ts';

/** What becomes of everything that a server has, in the order in which an operator would do it. */
describe('moving', () => {
  const [data, other] = [temporaryFolder(), temporaryFolder()];
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ DATA_DIR: data.folder });
    const { token } = await signInV1(server.url, 'ada');
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(samples['png']?.bytes ?? [])]), 'dot.png');
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${server.url}/api/v1/attachments`, { method: 'POST', headers, body: form });
  });
  afterAll(async () => {
    await server.stop();
    for (const { remove } of [data, other]) remove();
  });
  const file = (name: string) => join(data.folder, name);
  const run = (words: readonly string[], env: Record<string, string> = {}, input = '') =>
    runCommand(words, { DATA_DIR: data.folder, ...env }, input);

  it('backs up a server that runs, and puts that back where nobody runs', async () => {
    const backup = file('backup.db');
    const ran = await run(['backup', backup, '--with-files']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(`${backup} has everything in ${file('parlance.db')} (`);
    expect(ran.stdout).toContain(`${backup}.files has the uploaded files (1 new ones).`);
    expect(await run(['restore', backup, '--replace'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `parlance: Another program has ${file('parlance.db')} open: stop the server on it first\n`,
    });

    const restored = await run(['restore', backup], { DATA_DIR: other.folder });
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(restored.stdout).toMatch(/^users +1 {2}[0-9a-f]{16}$/m);
    expect(restored.stdout).toContain(`Uploaded files came from ${backup}.files (1 that were not there)`);
    const uploads = readdirSync(join(data.folder, 'uploads'));
    expect(uploads).toHaveLength(1);
    expect(readdirSync(join(other.folder, 'uploads'))).toEqual(uploads);
    expect(readdirSync(other.folder)).not.toContain('restoring.db');
  });

  it.each([
    [['backup', '/no-folder/x.db'], 'There is no folder /no-folder: make it first'],
    [['import', '/no-folder/x.jsonl'], 'There is no file /no-folder/x.jsonl'],
    [['copy', '--from', 'env:NOPE', '--to', 'sqlite:x.db'], 'NOPE is not set.'],
  ])('says of %j what is missing', async (words, sentence) => {
    expect(await run(words)).toEqual({ code: 1, stdout: '', stderr: `parlance: ${sentence}\n` });
  });

  it('exports a server that runs, and imports what others have written', async () => {
    const exported = await run(['export', '-', '--user', 'ada', '--with-files']);
    expect(exported).toMatchObject({ code: 0, stderr: 'exported 1 users and 0 messages\n' });
    const lines = exported.stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'header',
      'user',
      'attachment',
    ]);
    const again = await run(['import', '-'], {}, exported.stdout);
    expect(again).toEqual({ code: 0, stdout: 'ada is there already\n', stderr: '' });

    // Made by Werkzeug.
    const hash =
      'pbkdf2:sha256:1000$lfIzdVKLK9nnkThh$b21d904e5cb6f1588a5a815d784b0e5f1c50ef3185b66d4db707972eb433d5dc';
    const user = { ...(JSON.parse(lines[1] ?? '') as object), id: crypto.randomUUID(), username: 'grace' };
    const written = [lines[0], JSON.stringify({ ...user, password_hash: hash }), '{'].join('\n');
    const ran = await run(['import', '-'], {}, written);
    expect(ran).toMatchObject({ code: 1, stderr: 'parlance: Line 3: it is not JSON\n' });
    expect((await run(['import', '-'], {}, written.slice(0, -1))).stdout).toMatch(/^imported grace: 0 chats/);
    const login = { login: 'grace', password: 'correct hörse ☂' };
    const signedIn = await createV1Client(server.url, '').request('POST', '/api/v1/auth/sign-in', login);
    expect(signedIn.status).toBe(200);
  });

  it('copies to another database once the server is stopped, and then serves from there', async () => {
    const copied = file('copied.db');
    const copy = ['copy', '--from', `sqlite:${file('parlance.db')}`, '--to', 'env:NEW_DATABASE'];
    const refused = await run(copy, { NEW_DATABASE: `sqlite:${copied}` });
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `parlance: Another program has ${file('parlance.db')} open: stop the server on it first\n`,
    });
    await server.stop();
    expect(await run(copy, { NEW_DATABASE: 'oracle://hunter2' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^parlance: NEW_DATABASE, which --to names, must be a database address/),
    });
    const ran = await run(copy, { NEW_DATABASE: `sqlite:${copied}` });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^users +2 {2}[0-9a-f]{16}$/m);
    expect(ran.stdout).toContain(`${copied} holds everything that ${file('parlance.db')} does`);
    expect((await run(['user', 'list'], { DATABASE_URL: `sqlite:${copied}` })).stdout).toContain('ada');
  });
});
