const windowBytes = 64 * 1024;

/** Thrown where a file ends before what it says of itself. */
export class FileEnds extends Error {
  override readonly name = 'FileEnds';
}

/** Bytes that can be had from any place on. */
export type ByteSource = {
  sizeBytes: number;
  /** So many, or as many as there are. */
  read(at: number, count: number): Promise<Buffer>;
};

/** Reads a few bytes here and there, with one look at the source for many that lie close together. */
export class ByteWindow {
  readonly #source: ByteSource;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  /** So many bytes from a place, fewer than 64 KiB. @throws FileEnds */
  async take(at: number, count: number): Promise<Buffer> {
    if (at + count > this.sizeBytes) throw new FileEnds();
    if (at < this.#start || at + count > this.#start + this.#bytes.length) {
      this.#bytes = await this.#source.read(at, Math.min(windowBytes, this.sizeBytes - at));
      this.#start = at;
      if (this.#bytes.length < count) throw new FileEnds();
    }
    return this.#bytes.subarray(at - this.#start, at - this.#start + count);
  }

  async text(at: number, count: number): Promise<string> {
    return (await this.take(at, count)).toString('latin1');
  }
}
