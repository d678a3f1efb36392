import { deflateSync } from 'node:zlib';

/** A number in so many bytes, the smallest first; what does not fit is left out. */
const little = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value % 256 ** size, 0, size);
  return bytes;
};
/** The same with the greatest first. */
const big = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value % 256 ** size, 0, size);
  return bytes;
};
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What a picture says of itself; nothing else of it is true. */
export type Claim = { width: number; height: number; frames?: number };

const chunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([big(data.length, 4), latin(type), data, big(0, 4)]);

export const pngOf = ({ width, height, frames }: Claim): Buffer =>
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Buffer.concat([big(width, 4), big(height, 4), Buffer.from([8, 6, 0, 0, 0])])),
    chunk('tEXt', latin('Comment\0made by a test')),
    ...(frames === undefined ? [] : [chunk('acTL', Buffer.concat([big(frames, 4), big(0, 4)]))]),
    chunk('IDAT', deflateSync(Buffer.alloc(16))),
    chunk('IEND', Buffer.alloc(0)),
  ]);

export const gifOf = ({ width, height, frames = 1 }: Claim): Buffer => {
  const frame = Buffer.concat([
    Buffer.from([0x21, 0xf9, 4, 0, 0, 0, 0, 0]),
    Buffer.from([0x2c, 0, 0, 0, 0]),
    little(width, 2),
    little(height, 2),
    Buffer.from([0, 2, 2, 0x44, 1, 0]),
  ]);
  const screen = Buffer.concat([
    little(width, 2),
    little(height, 2),
    Buffer.from([0x80, 0, 0]),
    Buffer.alloc(6),
  ]);
  return Buffer.concat([latin('GIF89a'), screen, ...Array<Buffer>(frames).fill(frame), Buffer.from([0x3b])]);
};

export const jpegOf = ({ width, height }: Claim): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, ...latin('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    Buffer.from([0xff, 0xc4, 0, 4, 1, 2, 0xff]),
    Buffer.from([0xff, 0xc2, 0, 11, 8, ...big(height, 2), ...big(width, 2), 1, 1, 0x11, 0]),
    Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xff, 0xd9]),
  ]);

const riff = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat([latin('WEBP'), ...parts]);
  return Buffer.concat([latin('RIFF'), little(body.length, 4), body]);
};
const riffChunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([latin(type), little(data.length, 4), data, Buffer.alloc(data.length % 2)]);

/** In one of its three kinds: lossy, lossless or a canvas, which alone has several frames. */
export const webpOf = (kind: 'VP8 ' | 'VP8L' | 'VP8X', { width, height, frames = 1 }: Claim): Buffer => {
  if (kind === 'VP8 ') {
    return riff(
      riffChunk(
        kind,
        Buffer.concat([Buffer.from([0, 0, 0, 0x9d, 1, 0x2a]), little(width, 2), little(height, 2)]),
      ),
    );
  }
  if (kind === 'VP8L') {
    const sizes = little((((height - 1) << 14) | (width - 1)) >>> 0, 4);
    return riff(riffChunk(kind, Buffer.concat([Buffer.from([0x2f]), sizes, Buffer.alloc(8)])));
  }
  const canvas = Buffer.concat([Buffer.from([0x02, 0, 0, 0]), little(width - 1, 3), little(height - 1, 3)]);
  const part = riffChunk('ANMF', Buffer.alloc(17));
  return riff(riffChunk(kind, canvas), ...Array<Buffer>(frames).fill(part));
};

export const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([big(body.length + 8, 4), latin(type), body]);
};

/** HEIC (`heic`) or AVIF (`avif`, `avis`): a tile and the whole, and a track where it has several frames. */
export const heifOf = (brand: string, { width, height, frames }: Claim): Buffer => {
  const sizeBox = (x: number, y: number) => box('ispe', big(0, 4), big(x, 4), big(y, 4));
  const properties = box('iprp', box('ipco', sizeBox(1, 1), sizeBox(width, height)));
  const table = box('stbl', box('stsz', big(0, 4), big(0, 4), big(frames ?? 1, 4)));
  const header = box(
    'tkhd',
    big(0, 4),
    Buffer.alloc(72),
    big(width, 2),
    little(0, 2),
    big(height, 2),
    little(0, 2),
  );
  const track = box('moov', box('trak', header, box('mdia', box('minf', table))));
  return Buffer.concat([
    box('ftyp', latin(brand), big(0, 4), latin(brand)),
    box('meta', big(0, 4), properties),
    ...(frames === undefined ? [] : [track]),
    box('mdat', Buffer.alloc(8)),
  ]);
};
