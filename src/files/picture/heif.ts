import type { ByteWindow } from './byte-window.ts';
import type { PictureReader } from './read-picture.ts';

/** Boxes that hold boxes, and how many bytes of their own come first. */
const containers = new Map([
  ['meta', 4],
  ['iprp', 0],
  ['ipco', 0],
  ['moov', 0],
  ['trak', 0],
  ['mdia', 0],
  ['minf', 0],
  ['stbl', 0],
]);
/** Nested one in the other as often as these are, and some more than any camera writes. */
const deepest = 8;
const mostBoxes = 10_000;

type Box = { type: string; start: number; end: number };
type Found = { width: number; height: number; frames: number; boxes: number };

/** HEIC and AVIF: the largest of the sizes that its parts have, which is that of the whole, and the frames of what moves. */
export const readHeif: PictureReader = async (bytes) => {
  const found: Found = { width: 0, height: 0, frames: 1, boxes: 0 };
  const isWhole = await walk(bytes, { start: 0, end: bytes.sizeBytes, depth: 0 }, found);
  return isWhole ? { width: found.width, height: found.height, frames: found.frames } : undefined;
};

type Part = { start: number; end: number; depth: number };

/** False where there are more boxes than an image can need. */
async function walk(bytes: ByteWindow, { start, end, depth }: Part, found: Found): Promise<boolean> {
  if (depth > deepest) return false;
  for (let at = start; at + 8 <= end;) {
    found.boxes += 1;
    if (found.boxes > mostBoxes) return false;
    const box = await boxAt(bytes, at, end);
    await look(bytes, box, found);
    const own = containers.get(box.type);
    const inside = { start: box.start + (own ?? 0), end: box.end, depth: depth + 1 };
    if (own !== undefined && !(await walk(bytes, inside, found))) return false;
    at = box.end;
  }
  return true;
}

async function boxAt(bytes: ByteWindow, at: number, end: number): Promise<Box> {
  const header = await bytes.take(at, 8);
  const type = header.toString('latin1', 4);
  const short = header.readUInt32BE(0);
  // 0: to the end of what holds it; 1: the size is too large for its field and follows.
  if (short === 0) return { type, start: at + 8, end };
  const size = short === 1 ? Number((await bytes.take(at + 8, 8)).readBigUInt64BE(0)) : short;
  const start = at + (short === 1 ? 16 : 8);
  return { type, start, end: Math.min(end, Math.max(start, at + size)) };
}

async function look(bytes: ByteWindow, { type, start }: Box, found: Found): Promise<void> {
  if (type === 'ispe') {
    const sizes = await bytes.take(start + 4, 8);
    found.width = Math.max(found.width, sizes.readUInt32BE(0));
    found.height = Math.max(found.height, sizes.readUInt32BE(4));
  } else if (type === 'tkhd') {
    const [version] = await bytes.take(start, 1);
    const sizes = await bytes.take(start + (version === 1 ? 88 : 76), 8);
    found.width = Math.max(found.width, sizes.readUInt32BE(0) >>> 16);
    found.height = Math.max(found.height, sizes.readUInt32BE(4) >>> 16);
  } else if (type === 'stsz') {
    found.frames = Math.max(found.frames, (await bytes.take(start + 8, 4)).readUInt32BE(0));
  }
}
