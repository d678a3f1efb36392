import { open } from 'node:fs/promises';
import type { Picture } from '../../core/ports.ts';
import { mediaTypeIn } from '../media-type.ts';
import { type ByteSource, ByteWindow, FileEnds } from './byte-window.ts';
import { readGif } from './gif.ts';
import { readHeif } from './heif.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { readWebp } from './webp.ts';

/** Reads the headers of an image of its kind; undefined where they make no sense. @throws FileEnds */
export type PictureReader = (bytes: ByteWindow) => Promise<Picture | undefined>;

const readers = new Map<string, PictureReader>([
  ['image/png', readPng],
  ['image/gif', readGif],
  ['image/jpeg', readJpeg],
  ['image/webp', readWebp],
  ['image/avif', readHeif],
  ['image/heic', readHeif],
]);

/**
 * What an image says of its size and its frames. Nothing is decoded: each step reads a few bytes and goes forward, so that the time is
 * bounded by the size of the file, and the memory by nothing of it. Null for what is no image, or one whose headers make no sense.
 */
export async function readPicture(path: string, mediaType: string | null): Promise<Picture | null> {
  const reader = readers.get(mediaType ?? '');
  if (!reader) return null;
  const handle = await open(path);
  try {
    const { size: sizeBytes } = await handle.stat();
    return await look(reader, {
      sizeBytes,
      async read(at, count) {
        const bytes = Buffer.alloc(count);
        const { bytesRead } = await handle.read(bytes, 0, count, at);
        return bytes.subarray(0, bytesRead);
      },
    });
  } finally {
    await handle.close();
  }
}

/** The same of an image in memory, whose content says of which kind it is. */
export async function readPictureIn(bytes: Buffer): Promise<Picture | null> {
  const reader = readers.get((await mediaTypeIn(bytes)) ?? '');
  const read = async (at: number, count: number) => bytes.subarray(at, at + count);
  return reader ? look(reader, { sizeBytes: bytes.length, read }) : null;
}

async function look(reader: PictureReader, source: ByteSource): Promise<Picture | null> {
  try {
    const picture = await reader(new ByteWindow(source));
    return picture && picture.width > 0 && picture.height > 0 ? picture : null;
  } catch (thrown) {
    if (thrown instanceof FileEnds) return null;
    throw thrown;
  }
}
