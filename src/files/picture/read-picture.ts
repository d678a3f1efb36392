import { open } from 'node:fs/promises';
import type { Picture } from '../../core/ports.ts';
import { ByteWindow, FileEnds } from './byte-window.ts';
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
  const read = readers.get(mediaType ?? '');
  if (!read) return null;
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const picture = await read(new ByteWindow(handle, size));
    return picture && picture.width > 0 && picture.height > 0 ? picture : null;
  } catch (thrown) {
    if (thrown instanceof FileEnds) return null;
    throw thrown;
  } finally {
    await handle.close();
  }
}
