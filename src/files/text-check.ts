/** Looks at bytes as they come, and says in the end whether they are plain text: UTF-8 without control characters. */
export class TextCheck {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #isText = true;

  add(bytes: Uint8Array): void {
    if (!this.#isText) return;
    try {
      this.#isText = !control.test(this.#decoder.decode(bytes, { stream: true }));
    } catch {
      this.#isText = false;
    }
  }

  /** To be asked once, after the last byte. */
  end(): boolean {
    try {
      this.#decoder.decode();
    } catch {
      // It ends in the middle of a character.
      return false;
    }
    return this.#isText;
  }
}

/** All but tab, line feed, form feed and carriage return. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const control = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;
