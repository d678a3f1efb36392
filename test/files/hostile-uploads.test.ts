import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gifOf, jpegOf, pngOf, webpOf, heifOf } from '../support/made-images.ts';
import { temporaryFolder } from '../support/server-process.ts';
import { createV1Client, signInV1 } from '../support/v1-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const data = temporaryFolder();
const uploads = join(data.folder, 'uploads');
let server: WholeServer;
let token: string;
beforeAll(async () => {
  const bounds = { UPLOAD_MAX_BYTES: '100000', UPLOAD_MAX_PIXELS: '1000000', UPLOAD_QUOTA_BYTES: '3000000' };
  server = await startWholeServer({ DATA_DIR: data.folder, RATE_LIMITS: 'off', ...bounds });
  ({ token } = await signInV1(server.url, 'uploader'));
});
afterAll(async () => {
  await server.stop();
  data.remove();
});

/** The ways to upload, and how each says no. */
const doors = ['/api/v1/attachments', '/upload/'] as const;
type Door = (typeof doors)[number];

const script = '<script>alert(document.domain)</script>';
const words = (text: string): Buffer => Buffer.from(text, 'latin1');
const kept = (): string[] => {
  try {
    return readdirSync(uploads);
  } catch {
    // Nothing was ever kept.
    return [];
  }
};
const headers = () => ({ authorization: `Bearer ${token}` });

async function upload(door: Door, bytes: Buffer, { name = 'photo.png', type = 'image/png' } = {}) {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)], { type }), name);
  const answer = await fetch(server.url + door, { method: 'POST', headers: headers(), body: form });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const small = { width: 8, height: 8 };
const pdf = words('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

describe.each(doors)('what is harmless only as what it is, through %s', (door) => {
  it.each([
    ['a GIF that is a script, too', words('GIF89a/**/=1;alert(document.domain)'), 'text/plain'],
    ['a GIF with a script behind it', Buffer.concat([gifOf(small), words(`*/=0;${script}`)]), 'image/gif'],
    ['a PNG with a script behind it', Buffer.concat([pngOf(small), words(script)]), 'image/png'],
    ['a JPEG with a page in its comment', Buffer.concat([jpegOf(small), words(script)]), 'image/jpeg'],
    ['a PDF that begins with a page', Buffer.concat([words(`<html>${script}<!--`), pdf]), 'text/plain'],
    ['a PDF with a page behind it', Buffer.concat([pdf, words(script)]), 'application/pdf'],
    [
      'a PDF with a script',
      Buffer.concat([pdf, words('<</S/JavaScript/JS(app.alert(1))>>')]),
      'application/pdf',
    ],
    ['a page', words(`<!doctype html>${script}`), 'text/plain'],
    [
      'a drawing with a script',
      words(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
      'text/plain',
    ],
    ['a style sheet', words('body{background:url(javascript:alert(1))}'), 'text/plain'],
  ])('%s is saved, or drawn, and never run', async (_name, given, mediaType) => {
    const bytes = Buffer.from(given);
    const { status, body } = await upload(door, bytes, { name: 'x.html', type: 'text/html' });
    expect(status).toBeLessThan(300);
    const answer = await fetch(server.url + body['url'], { headers: headers() });
    const disposition = answer.headers.get('content-disposition');
    expect(answer.headers.get('content-type')?.replace('; charset=utf-8', '')).toBe(mediaType);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(disposition).toMatch(mediaType.startsWith('image/') ? /^inline;/ : /^attachment;/);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });
});

/** In these words, or with this status where there are none. */
const refusals: readonly (readonly [string, Buffer, number])[] = [
  ['a program', Buffer.concat([words('\x7fELF\x02\x01\x01'), Buffer.alloc(100)]), 415],
  ['an archive', Buffer.concat([words('PK\x05\x06'), Buffer.alloc(18)]), 415],
  ['a picture in a format that is seldom safe', words('II*\0\x08\0\0\0\0\0\0\0\0\0'), 415],
  ['a drawing that is no text', Buffer.concat([words('<svg onload="alert(1)">'), Buffer.alloc(4)]), 415],
  ['a PNG without a size', pngOf({ width: 0, height: 8 }), 415],
  ['a JPEG without a frame', words('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0'), 415],
  ['a flood of pixels in a PNG', pngOf({ width: 100_000, height: 100_000 }), 413],
  ['a flood of pixels in a GIF', gifOf({ width: 65_535, height: 65_535 }), 413],
  ['a flood of pixels in a JPEG', jpegOf({ width: 65_535, height: 65_535 }), 413],
  ['a flood of pixels in a WebP', webpOf('VP8X', { width: 16_777_216, height: 16_777_216 }), 413],
  ['a flood of pixels in an AVIF', heifOf('avif', { width: 2 ** 31, height: 2 ** 31 }), 413],
  ['a flood of frames in a GIF', gifOf({ width: 100, height: 100, frames: 101 }), 413],
  ['a flood of frames in a PNG', pngOf({ width: 100, height: 100, frames: 2 ** 31 }), 413],
  ['a flood of frames in a WebP', webpOf('VP8X', { width: 100, height: 100, frames: 101 }), 413],
  ['a file of a byte too many', Buffer.alloc(100_001, 'a'), 413],
];

describe.each(doors)('what is refused through %s leaves nothing', (door) => {
  it.each(refusals)('%s', async (_name, bytes, status) => {
    const before = kept();
    expect((await upload(door, bytes)).status).toBe(status);
    expect(kept()).toEqual(before);
  });

  it('more than a user may have', async () => {
    const [mine, before] = [token, kept()];
    ({ token } = await signInV1(server.url, `greedy at ${door}`));
    const statuses: number[] = [];
    for (let count = 0; count < 31; count += 1) {
      statuses.push((await upload(door, Buffer.alloc(99_000, 'a'))).status);
    }
    token = mine;
    expect(new Set(statuses.slice(0, 30))).toEqual(new Set([door === '/upload/' ? 200 : 201]));
    expect(statuses[30]).toBe(413);
    expect(kept()).toHaveLength(before.length + 30);
  });

  it('a body that is never finished', async () => {
    const before = kept();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const lines = [
      `POST ${door} HTTP/1.1`,
      'host: localhost',
      `authorization: Bearer ${token}`,
      'content-type: multipart/form-data; boundary=x',
      'content-length: 90000',
      '',
      '--x',
      'content-disposition: form-data; name="file"; filename="a.txt"',
      '',
      'a'.repeat(50_000),
    ];
    socket.write(lines.join('\r\n'));
    await expect.poll(kept).toHaveLength(before.length + 1);
    socket.destroy();
    await expect.poll(kept).toEqual(before);
  });
});

describe('a name', () => {
  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system.ini', 'system.ini'],
    ['/etc/shadow', 'shadow'],
    ['..', 'file'],
    ['.htaccess', '.htaccess'],
    ['a\u0000.png', 'a.png'],
    ['CON', 'CON'],
    ['"; filename="x.html', '"; filename="x.html'],
    ['a\r\nset-cookie: x=1', 'aset-cookie: x=1'],
    [`${'x'.repeat(5_000)}.png`, 'x'.repeat(200)],
  ])('is shown and never used: %j', async (name, shown) => {
    // As raw bytes: a browser’s FormData would mend the worst of them.
    const quoted = name.replaceAll('"', '%22').replaceAll(/[\r\n\0]/g, '');
    const body = `--x\r\ncontent-disposition: form-data; name="file"; filename="${quoted}"\r\n\r\nwords\r\n--x--\r\n`;
    const answer = await fetch(`${server.url}/api/v1/attachments`, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'multipart/form-data; boundary=x' },
      body,
    });
    const made = (await answer.json()) as { name: string; url: string };
    const expected = shown.replaceAll('"', '%22').slice(0, 200);
    expect([answer.status, made.name]).toEqual([201, expected]);
    expect(kept().every((one) => /^[0-9a-f-]{36}$/.test(one))).toBe(true);
    const served = await fetch(server.url + made.url, { headers: headers() });
    expect(served.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\w .-]+"; filename\*=UTF-8''[\w%.~!$&+-]+$/,
    );
    expect(served.headers.get('set-cookie')).toBeNull();
  });
});

describe('what is kept', () => {
  it('is there for nobody but its owner, and goes with its message', async () => {
    const { body } = await upload('/api/v1/attachments', pngOf(small));
    const id = body['id'] ?? '';
    const [me, stranger] = [createV1Client(server.url, token), await signInV1(server.url, 'stranger')];
    const theirs = await stranger.json<{ id: string }>('POST', '/api/v1/chats', {});
    const paths = [`/api/v1/attachments/${id}`, `/uploads/${id}`];
    for (const path of paths) expect((await stranger.request('GET', path)).status).toBe(404);
    expect((await stranger.request('DELETE', `/api/v1/attachments/${id}`)).status).toBe(404);
    const carrying = { text: 'mine now', attachment_ids: [id] };
    expect((await stranger.request('POST', `/api/v1/chats/${theirs.id}/messages`, carrying)).status).toBe(
      404,
    );

    expect(readFileSync(join(uploads, id))).toEqual(pngOf(small));
    const chat = await me.json<{ id: string }>('POST', '/api/v1/chats', {});
    type Sent = { message: { id: string; media_urls: string[] } };
    const { message } = await me.json<Sent>('POST', `/api/v1/chats/${chat.id}/messages`, {
      text: 'look',
      attachment_ids: [id.toUpperCase()],
    });
    expect(message.media_urls).toEqual([`/uploads/${id}`]);
    expect((await me.request('DELETE', `/api/v1/messages/${message.id}`)).status).toBe(204);
    for (const path of paths) expect((await me.request('GET', path)).status).toBe(404);
    expect(kept()).not.toContain(id);
  });
});
