import type { FileHandle } from 'node:fs/promises';

const windowBytes = 64 * 1024;

/** Thrown where a file ends before what it says of itself. */
export class FileEnds extends Error {
  override readonly name = 'FileEnds';
}

/** Reads a few bytes here and there, with one look at the disk for many that lie close together. */
export class ByteWindow {
  readonly #handle: FileHandle;
  readonly sizeBytes: number;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
  }

  /** So many bytes from a place, fewer than 64 KiB. @throws FileEnds */
  async take(at: number, count: number): Promise<Buffer> {
    if (at + count > this.sizeBytes) throw new FileEnds();
    if (at < this.#start || at + count > this.#start + this.#bytes.length) {
      const bytes = Buffer.alloc(Math.min(windowBytes, this.sizeBytes - at));
      const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, at);
      this.#start = at;
      this.#bytes = bytes.subarray(0, bytesRead);
      if (bytesRead < count) throw new FileEnds();
    }
    return this.#bytes.subarray(at - this.#start, at - this.#start + count);
  }

  async text(at: number, count: number): Promise<string> {
    return (await this.take(at, count)).toString('latin1');
  }
}
