import { type ByteWindow, FileEnds } from './byte-window.ts';
import type { PictureReader } from './read-picture.ts';

const imageBlock = 0x2c;
const extensionBlock = 0x21;

/** The screen that it names, and every frame: one may reach beyond that screen. What follows the last block is nobody's. */
export const readGif: PictureReader = async (bytes) => {
  const screen = await bytes.take(6, 7);
  let [width, height, frames] = [screen.readUInt16LE(0), screen.readUInt16LE(2), 0];
  let at = 13 + colorTableBytes(screen[4]);
  try {
    for (;;) {
      const [kind] = await bytes.take(at, 1);
      if (kind === imageBlock) {
        const frame = await bytes.take(at + 1, 9);
        width = Math.max(width, frame.readUInt16LE(0) + frame.readUInt16LE(4));
        height = Math.max(height, frame.readUInt16LE(2) + frame.readUInt16LE(6));
        frames += 1;
        at = await afterBlocks(bytes, at + 11 + colorTableBytes(frame[8]));
      } else if (kind === extensionBlock) at = await afterBlocks(bytes, at + 2);
      else break;
    }
  } catch (thrown) {
    // A frame that was cut is drawn as far as it goes.
    if (!(thrown instanceof FileEnds)) throw thrown;
  }
  return frames > 0 ? { width, height, frames } : undefined;
};

const colorTableBytes = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Where a list of blocks ends, each with its length before it. */
async function afterBlocks(bytes: ByteWindow, start: number): Promise<number> {
  for (let at = start; ;) {
    const [length = 0] = await bytes.take(at, 1);
    at += 1 + length;
    if (length === 0) return at;
  }
}
