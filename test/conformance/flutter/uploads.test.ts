import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { samples } from '../../support/sample-files.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../support/server-process.ts';
import { keysOf } from '../call.ts';
import { type Client, createClient, problemsOf, type User } from './client.ts';

const url = inject('sharedUrl');
const client = createClient(url);
let user: User;
beforeAll(async () => {
  user = await client.newUser();
});

const formOf = (bytes: Uint8Array, name = 'picture.png', field = 'file') => {
  const form = new FormData();
  form.set(field, new Blob([new Uint8Array(bytes)], { type: 'text/html' }), name);
  return form;
};
const upload = (bytes: Uint8Array, name?: string, by: Client = client, token = user.token) =>
  by.call('POST /upload/', { token, raw: formOf(bytes, name) });
const sample = (kind: string): Buffer => samples[kind]?.bytes ?? Buffer.alloc(0);
const fetchFile = (path: string, headers: Record<string, string>) => fetch(url + path, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('POST /upload/', () => {
  it('wire "multipart `file` → `{"url": ...}` (usable in `media_urls`)"', async () => {
    const answer = await upload(sample('png'));
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['url']]);
    const path = String(answer.body['url']);
    expect(path).toMatch(/^\/uploads\/[0-9a-f-]{36}$/);

    const chat = await client.newChat(user.token);
    const body = { content: 'look', type: 'image', media_urls: [path] };
    const sent = await client.call(`POST /chats/${chat}/messages/`, { token: user.token, body });
    expect(sent.body['media_urls']).toEqual([path]);

    const file = await fetchFile(path, bearer(user.token));
    expect(file.status).toBe(200);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(sample('png'));
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(sample('png').length),
      'content-disposition': `inline; filename="picture.png"; filename*=UTF-8''picture.png`,
      'content-security-policy': expect.stringMatching(/^sandbox;/) as string,
      'x-content-type-options': 'nosniff',
    });
  });

  it('takes it by both spellings of its path, and beside other fields', async () => {
    const raw = formOf(sample('png'));
    raw.set('comment', 'a field');
    expect((await client.call('POST /upload', { token: user.token, raw })).status).toBe(200);
  });

  it('gives the file to its owner only', async () => {
    const { body } = await upload(sample('png'));
    const path = String(body['url']);
    const stranger = await client.newUser();
    expect((await fetchFile(path, {})).status).toBe(401);
    const foreign = await fetchFile(path, bearer(stranger.token));
    const missing = await fetchFile(
      path.slice(0, -1) + (path.endsWith('0') ? '1' : '0'),
      bearer(stranger.token),
    );
    expect([foreign.status, await foreign.text()]).toEqual([404, await missing.text()]);
    for (const spelling of [
      path.toUpperCase(),
      `${path}/`,
      `${path}%00`,
      '/uploads/..%2fparlance.db',
      '/uploads/',
    ]) {
      expect((await fetchFile(spelling, bearer(user.token))).status).toBe(404);
    }
    await client.call('POST /api/auth/logout', { token: stranger.token });
    expect((await fetchFile(path, bearer(stranger.token))).status).toBe(401);
  });

  it.each(['html', 'svg', 'text', 'pdf of letters', 'mp3'])(
    '%s is never run: it is saved, under our own type, whatever its name says',
    async (kind) => {
      const { body } = await upload(sample(kind), `página "1"\r\n<x>.html`);
      const file = await fetchFile(String(body['url']), bearer(user.token));
      expect(file.headers.get('content-type')?.replace('; charset=utf-8', '')).toBe(samples[kind]?.mediaType);
      expect(file.headers.get('content-disposition')).toMatch(
        /^attachment; filename="[\w .-]+"; filename\*=UTF-8''p%C3%A1gina/,
      );
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      expect(Buffer.from(await file.arrayBuffer())).toEqual(sample(kind));
    },
  );

  it.each(['zip', 'program', 'noise'])('%s is 415 with a sentence', async (kind) => {
    const answer = await upload(sample(kind), 'picture.png');
    expect([answer.status, answer.body]).toEqual([
      415,
      { detail: 'Only images, audio, PDF and plain text files are accepted' },
    ]);
  });

  it('422 where there is no file, or an empty one', async () => {
    const field = new FormData();
    field.set('file', 'a field of that name');
    const forms = [formOf(sample('png'), 'x.png', 'other'), field, new FormData(), undefined];
    for (const raw of forms) {
      const answer = await client.call('POST /upload/', { token: user.token, ...(raw && { raw }) });
      expect(answer.status).toBe(422);
      expect(problemsOf(answer)).toMatchObject([
        { type: 'missing', loc: ['body', 'file'], msg: 'Field required' },
      ]);
    }
    const empty = await upload(Buffer.alloc(0));
    expect([empty.status, problemsOf(empty)[0]?.loc]).toEqual([422, ['body', 'file']]);
  });

  it.each([
    ['nothing', ''],
    ['no boundary', 'nonsense'],
    ['no end', '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'],
    ['a forbidden name', '--x\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--\r\n'],
  ])('a form of %s is 422', async (_name, raw) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await client.call('POST /upload/', { token: user.token, headers, raw });
    expect([answer.status, keysOf(answer.body)]).toEqual([422, ['detail']]);
  });
});

describe('a server of our own, for small files', () => {
  const data = temporaryFolder();
  const folder = join(data.folder, 'uploads');
  const files = () => (existsSync(folder) ? readdirSync(folder) : []);
  let server: ServerProcess;
  let own: Client;
  let token: string;
  beforeAll(async () => {
    const env = { DATA_DIR: data.folder, RATE_LIMITS: 'off', UPLOAD_MAX_BYTES: '100000' };
    server = await startServerProcess(env);
    own = createClient(server.url);
    ({ token } = await own.newUser());
  });
  afterAll(async () => {
    await server.stop();
    data.remove();
  });

  it('refuses a file of a byte too many with 413, and keeps nothing of it', async () => {
    const largest = await upload(Buffer.alloc(100_000, 'a'), 'a.txt', own, token);
    expect(largest.status).toBe(200);
    const kept = files();
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^[0-9a-f-]{36}$/);
    for (const size of [100_001, 3_000_000]) {
      const answer = await upload(Buffer.alloc(size, 'a'), 'a.txt', own, token);
      expect([answer.status, answer.body]).toEqual([413, { detail: 'The file is too large' }]);
    }
    expect(files()).toEqual(kept);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const before = files();
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      [
        'POST /upload/ HTTP/1.1',
        'host: localhost',
        `authorization: Bearer ${token}`,
        'content-type: multipart/form-data; boundary=x',
        'content-length: 90000',
        '',
        '--x',
        'content-disposition: form-data; name="file"; filename="a.txt"',
        '',
        'a'.repeat(50_000),
      ].join('\r\n'),
    );
    await expect.poll(files).toHaveLength(before.length + 1);
    socket.destroy();
    await expect.poll(files).toEqual(before);
  });
});
