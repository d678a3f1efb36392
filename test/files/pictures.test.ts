import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPicture } from '../../src/files/picture/read-picture.ts';
import { box, gifOf, heifOf, jpegOf, pngOf, webpOf } from '../support/made-images.ts';
import { seededRandom } from '../support/random.ts';
import { samples } from '../support/sample-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-pictures-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (mediaType: string, bytes: Buffer) => {
  const path = join(folder, 'picture');
  writeFileSync(path, bytes);
  return readPicture(path, mediaType);
};

const size = { width: 640, height: 480 };
const pictures: readonly (readonly [string, string, Buffer, number])[] = [
  ['a PNG', 'image/png', pngOf(size), 1],
  ['a PNG that moves', 'image/png', pngOf({ ...size, frames: 7 }), 7],
  ['a GIF', 'image/gif', gifOf(size), 1],
  ['a GIF that moves', 'image/gif', gifOf({ ...size, frames: 300 }), 300],
  ['a JPEG', 'image/jpeg', jpegOf(size), 1],
  ['a lossy WebP', 'image/webp', webpOf('VP8 ', size), 1],
  ['a lossless WebP', 'image/webp', webpOf('VP8L', size), 1],
  ['a WebP that moves', 'image/webp', webpOf('VP8X', { ...size, frames: 9 }), 9],
  ['an AVIF', 'image/avif', heifOf('avif', size), 1],
  ['an AVIF that moves', 'image/avif', heifOf('avis', { ...size, frames: 30 }), 30],
  ['a HEIC', 'image/heic', heifOf('heic', size), 1],
];

describe('the size of', () => {
  it.each(pictures)('%s', async (_name, mediaType, bytes, frames) => {
    expect(await read(mediaType, bytes)).toEqual({ ...size, frames });
  });

  it('true pictures', async () => {
    for (const kind of ['png', 'gif']) {
      const { bytes = Buffer.alloc(0), mediaType = null } = samples[kind] ?? {};
      expect(await read(mediaType ?? '', bytes)).toEqual({ width: 1, height: 1, frames: 1 });
    }
  });

  it('a GIF is that of the frame that reaches farthest', async () => {
    const bytes = gifOf({ width: 10, height: 10, frames: 2 });
    // Both frames follow a header of 19 bytes, each behind 8 bytes of its extension.
    bytes.writeUInt16LE(60_000, 19 + 8 + 5);
    expect(await read('image/gif', bytes)).toEqual({ width: 60_000, height: 10, frames: 2 });
  });

  it('what is no picture is none', async () => {
    expect(await read('text/plain', Buffer.from('words'))).toBeNull();
  });
});

describe('a picture that lies', () => {
  it.each([
    ['nothing but its first bytes', 'image/png', pngOf(size).subarray(0, 8)],
    ['no size', 'image/png', pngOf({ width: 0, height: 480 })],
    [
      'another first chunk',
      'image/png',
      Buffer.from(pngOf(size).toString('latin1').replace('IHDR', 'IDAT'), 'latin1'),
    ],
    ['a chunk that never ends', 'image/png', withBytes(pngOf(size), 33, [0xff, 0xff, 0xff, 0xff])],
    ['no frame', 'image/gif', gifOf({ ...size, frames: 0 })],
    ['a scan without a frame', 'image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2, 0])],
    [
      'segments of no length, for ever',
      'image/jpeg',
      Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(5_000, Buffer.from([0xff, 0xe0, 0, 0]))]),
    ],
    ['a lossy WebP without its mark', 'image/webp', withBytes(webpOf('VP8 ', size), 23, [0])],
    ['a WebP of an unknown kind', 'image/webp', withBytes(webpOf('VP8 ', size), 12, [0x58])],
    ['boxes in boxes in boxes', 'image/avif', nested(30)],
    ['more boxes than anybody needs', 'image/avif', Buffer.concat(Array<Buffer>(10_001).fill(box('free')))],
    [
      'a box of no size in itself',
      'image/avif',
      box('meta', Buffer.alloc(4), Buffer.from([0, 0, 0, 1, ...Buffer.from('iprp'), ...Buffer.alloc(8)])),
    ],
  ])('has no size: %s', async (_name, mediaType, bytes) => {
    expect(await read(mediaType, bytes)).toBeNull();
  });

  it.each(pictures)(
    'is read to its end and no further, whatever its bytes: %s',
    async (_name, mediaType, bytes) => {
      const random = seededRandom(7);
      let answered = 0;
      for (let round = 0; round < 100; round += 1) {
        const changed = Buffer.from(bytes.subarray(0, 40 + Math.floor(random() * bytes.length)));
        for (let count = 0; count < 6; count += 1) {
          changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
        }
        await read(mediaType, changed);
        answered += 1;
      }
      expect(answered).toBe(100);
    },
  );

  it('costs no more than its size', async () => {
    const started = process.cpuUsage();
    // A million blocks of no length, a million chunks, and frames that follow each other without end.
    await read(
      'image/gif',
      Buffer.concat([gifOf(size).subarray(0, -1), Buffer.alloc(1_000_000, Buffer.from([0x21, 1, 0]))]),
    );
    await read(
      'image/png',
      Buffer.concat([pngOf(size).subarray(0, 33), Buffer.alloc(3_000_000, chunkOfNothing)]),
    );
    await read('image/webp', webpOf('VP8X', { ...size, frames: 50_000 }));
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });
});

const chunkOfNothing = Buffer.from([0, 0, 0, 0, ...Buffer.from('tEXt'), 0, 0, 0, 0]);

function withBytes(bytes: Buffer, at: number, values: readonly number[]): Buffer {
  bytes.set(values, at);
  return bytes;
}

function nested(depth: number): Buffer {
  return depth === 0 ? Buffer.alloc(0) : box('moov', nested(depth - 1));
}
