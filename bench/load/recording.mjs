/** What a connection brought after something was asked on it, and when. */
export class Recording {
  askedAt;
  pieces;

  /** @param {number} askedAt @param {{ at: number, bytes: Buffer }[]} pieces */
  constructor(askedAt, pieces) {
    this.askedAt = askedAt;
    this.pieces = pieces;
  }

  get endedAt() {
    return this.pieces.at(-1)?.at ?? this.askedAt;
  }

  /** Milliseconds from the request to the last piece. */
  get duration() {
    return this.endedAt - this.askedAt;
  }

  /** Milliseconds from the request to the first piece that holds a mark. @param {string} mark */
  delayOf(mark) {
    const found = this.pieces.find(({ bytes }) => bytes.includes(mark));
    if (found === undefined)
      throw new Error(
        `A stream never said ${mark}:\n${this.pieces.map((piece) => piece.bytes.toString()).join('')}`,
      );
    return found.at - this.askedAt;
  }
}
