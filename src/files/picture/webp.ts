import { type ByteWindow, FileEnds } from './byte-window.ts';
import type { PictureReader } from './read-picture.ts';

const firstChunk = 12;
const animated = 0x02;

/** Its first chunk says what it is: one picture in either coding, or a canvas with what stands on it. */
export const readWebp: PictureReader = async (bytes) => {
  const kind = await bytes.text(firstChunk, 4);
  if (kind === 'VP8 ') {
    const frame = await bytes.take(firstChunk + 8, 10);
    if (frame.readUIntBE(3, 3) !== 0x9d012a) return undefined;
    return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff, frames: 1 };
  }
  if (kind === 'VP8L') {
    const frame = await bytes.take(firstChunk + 8, 5);
    if (frame[0] !== 0x2f) return undefined;
    const sizes = frame.readUInt32LE(1);
    return { width: (sizes & 0x3fff) + 1, height: ((sizes >>> 14) & 0x3fff) + 1, frames: 1 };
  }
  if (kind !== 'VP8X') return undefined;
  const canvas = await bytes.take(firstChunk + 8, 10);
  const isAnimated = ((canvas[0] ?? 0) & animated) !== 0;
  const frames = isAnimated ? Math.max(1, await countFrames(bytes)) : 1;
  return { width: canvas.readUIntLE(4, 3) + 1, height: canvas.readUIntLE(7, 3) + 1, frames };
};

async function countFrames(bytes: ByteWindow): Promise<number> {
  let frames = 0;
  try {
    for (let at = firstChunk; ;) {
      const chunk = await bytes.take(at, 8);
      if (chunk.toString('latin1', 0, 4) === 'ANMF') frames += 1;
      const length = chunk.readUInt32LE(4);
      at += 8 + length + (length % 2);
    }
  } catch (thrown) {
    if (!(thrown instanceof FileEnds)) throw thrown;
    return frames;
  }
}
