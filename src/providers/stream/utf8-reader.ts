/** Reads UTF-8 that arrives in pieces. What stands before the first bytes that are none is still read. */
export class Utf8Reader {
  readonly #decoder = fatalDecoder();
  /** The beginning of a character whose end has not come yet. */
  #begun: Buffer = Buffer.alloc(0);

  /** The text of the next piece, and how many of its bytes that was; where there is a `failure`, nothing after them is text. */
  read(piece: Buffer): { text: string; length: number; failure?: unknown } {
    const seen = this.#begun.length === 0 ? piece : Buffer.concat([this.#begun, piece]);
    try {
      const text = this.#decoder.decode(piece, { stream: true });
      this.#begun = seen.subarray(seen.length - lengthOfBegun(seen));
      return { text, length: piece.length };
    } catch (failure) {
      const valid = seen.subarray(0, validLength(seen));
      const length = Math.max(0, valid.length - this.#begun.length);
      return { text: fatalDecoder().decode(valid, { stream: true }), length, failure };
    }
  }
}

const fatalDecoder = () => new TextDecoder('utf-8', { fatal: true });

/** How many bytes at the end are a character that goes on (RFC 3629, section 3). */
function lengthOfBegun(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

/** The most bytes from the start on that begin some text. */
function validLength(bytes: Buffer): number {
  let [valid, broken] = [0, bytes.length];
  while (broken - valid > 1) {
    const middle = (valid + broken) >> 1;
    if (beginsText(bytes.subarray(0, middle))) valid = middle;
    else broken = middle;
  }
  return valid;
}

function beginsText(bytes: Buffer): boolean {
  try {
    fatalDecoder().decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
