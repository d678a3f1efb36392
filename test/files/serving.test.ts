import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf } from '../support/made-images.ts';
import { signInV1 } from '../support/v1-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const frontend = 'https://chat.example.org';
/** A WAV of eight kilobytes. */
const song = Buffer.concat([
  Buffer.from('RIFF'),
  Buffer.from([0x24, 0x20, 0, 0]),
  Buffer.from('WAVEfmt '),
  Buffer.from([16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]),
  Buffer.from('data'),
  Buffer.from([0, 0x20, 0, 0]),
  randomBytes(8_192),
]);

let server: WholeServer;
let token: string;
let cookie: string;
let audio: string;
let image: string;
beforeAll(async () => {
  server = await startWholeServer({ CORS_ORIGINS: frontend });
  ({ token } = await signInV1(server.url, 'listener'));
  const signedIn = await fetch(`${server.url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'listener', password: 'the password of listener', mode: 'cookie' }),
  });
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  audio = await upload(song, 'song.wav');
  image = await upload(pngOf({ width: 30, height: 20 }), 'photo.png');
});
afterAll(() => server.stop());

async function upload(bytes: Buffer, name: string): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)]), name);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url}/api/v1/attachments`, { method: 'POST', headers, body: form });
  return ((await answer.json()) as { url: string }).url;
}
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(server.url + path, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('a player', () => {
  it('is told that it may jump', async () => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await get(audio, {}, method);
      expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
      expect(answer.headers.get('content-length')).toBe(String(song.length));
      expect(await bytesOf(answer)).toEqual(method === 'GET' ? song : Buffer.alloc(0));
    }
  });

  it.each([
    ['bytes=0-', 0, song.length - 1],
    ['bytes=100-199', 100, 199],
    ['bytes=-10', song.length - 10, song.length - 1],
    ['bytes=8000-99999', 8_000, song.length - 1],
  ])('gets the part that it asks for: %s', async (range, first, last) => {
    const answer = await get(audio, { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([
      206,
      `bytes ${first}-${last}/${song.length}`,
    ]);
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    expect(answer.headers.get('content-length')).toBe(String(last - first + 1));
    expect(await bytesOf(answer)).toEqual(song.subarray(first, last + 1));
  });

  it('is told where the end is, when it asks beyond it', async () => {
    const answer = await get(audio, { range: `bytes=${song.length}-` });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${song.length}`]);
    expect(await bytesOf(answer)).toEqual(Buffer.alloc(0));
  });

  it('gets a part of the same file only', async () => {
    const etag = (await get(audio, {}, 'HEAD')).headers.get('etag') ?? '';
    const same = await get(audio, { range: 'bytes=0-0', 'if-range': etag });
    const other = await get(audio, { range: 'bytes=0-0', 'if-range': '"another"' });
    expect([same.status, other.status]).toEqual([206, 200]);
    expect(await bytesOf(other)).toEqual(song);
  });

  it('gets nothing of another user, in no part', async () => {
    const { token: another } = await signInV1(server.url, 'stranger');
    for (const range of ['bytes=0-0', 'bytes=99999999-']) {
      const answer = await get(audio, { range, authorization: `Bearer ${another}` });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([404, null]);
    }
  });
});

describe('a picture on a page of another origin', () => {
  /** As an `<img>` asks: with the cookie where the browser sends it, without `Origin`. */
  const embed = (referer: string | undefined, path = image) =>
    fetch(server.url + path, {
      headers: {
        cookie,
        'sec-fetch-site': 'same-site',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'image',
        ...(referer === undefined ? {} : { referer }),
      },
    });
  const policyOf = async (answer: Promise<Response>) =>
    (await answer).headers.get('cross-origin-resource-policy');

  it('is shown where the origin is allowed', async () => {
    const answer = await embed(`${frontend}/`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(await policyOf(embed(`${frontend}/chats/1?x=y`))).toBe('cross-origin');
  });

  it.each([
    undefined,
    'https://evil.example/',
    'https://evil.example/?https://chat.example.org/',
    'https://chat.example.org.evil.example/',
    'https://chat.example.org@evil.example/',
    'http://chat.example.org/',
    'nonsense',
  ])('is kept from every other: %s', async (referer) => {
    expect(await policyOf(embed(referer))).toBe('same-origin');
  });

  it('is the only thing that is', async () => {
    expect(await policyOf(embed(`${frontend}/`, '/api/v1/me'))).toBe('same-origin');
  });
});
