import type { PictureReader } from './read-picture.ts';

const signatureBytes = 8;

/** `IHDR` is the first chunk; `acTL`, which an animation has, comes before the first `IDAT`. */
export const readPng: PictureReader = async (bytes) => {
  if ((await bytes.text(signatureBytes + 4, 4)) !== 'IHDR') return undefined;
  const header = await bytes.take(signatureBytes + 8, 8);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  let frames = 1;
  for (let at = signatureBytes; ;) {
    const chunk = await bytes.take(at, 8);
    const type = chunk.toString('latin1', 4);
    if (type === 'IDAT') return { width, height, frames };
    if (type === 'acTL') frames = Math.max(frames, (await bytes.take(at + 8, 4)).readUInt32BE(0));
    at += 12 + chunk.readUInt32BE(0);
  }
};
