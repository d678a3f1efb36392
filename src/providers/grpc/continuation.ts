/** Stands between the shown start and an answer that is given afresh. */
const separator = '\n\n';

/**
 * A backend with a memory of its own cannot be told to write on: it is asked once more. What it says again of the shown start is not
 * shown twice. Where its new answer differs, the whole of it follows after an empty line.
 */
export class Continuation {
  readonly #shown: string;
  #said = 0;
  #isApart: boolean;

  constructor(shown: string) {
    this.#shown = shown;
    this.#isApart = shown === '';
  }

  /** What is to be shown of the answer's next piece. */
  add(text: string): string {
    if (this.#isApart || text === '') return text;
    const shown = this.#shown.slice(this.#said, this.#said + text.length);
    if (text.startsWith(shown)) {
      this.#said += shown.length;
      this.#isApart = shown.length < text.length;
      return text.slice(shown.length);
    }
    this.#isApart = true;
    const gap = this.#shown.endsWith('\n') ? '\n' : separator;
    return `${gap}${this.#shown.slice(0, this.#said)}${text}`;
  }
}
