import type { PictureReader } from './read-picture.ts';

/** `DHT`, `JPG` and `DAC` stand among the numbers of the frame headers. */
const noFrame = new Set([0xc4, 0xc8, 0xcc]);
const startOfScan = 0xda;

/** The frame header, which stands before the first scan. */
export const readJpeg: PictureReader = async (bytes) => {
  for (let at = 2; ;) {
    const [mark, kind = 0] = await bytes.take(at, 2);
    if (mark !== 0xff) return undefined;
    if (kind === 0xff) at += 1;
    else if (kind === startOfScan) return undefined;
    else if (kind >= 0xc0 && kind <= 0xcf && !noFrame.has(kind)) {
      const header = await bytes.take(at + 5, 4);
      return { width: header.readUInt16BE(2), height: header.readUInt16BE(0), frames: 1 };
    } else at += 2 + (await bytes.take(at + 2, 2)).readUInt16BE(0);
  }
};
