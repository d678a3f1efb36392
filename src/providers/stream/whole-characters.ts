import { isHighSurrogate } from '../../core/unicode-text.ts';

/**
 * Text that arrives in pieces, given out as well-formed Unicode without NUL: a surrogate pair that a vendor has cut in two
 * waits for its second half; halves without their other and NULs, which no database keeps alike, become U+FFFD.
 */
export class WholeCharacters {
  #text = '';

  add(text: string): void {
    this.#text += text;
  }

  /** What can be shown now. At the `end`, all of it. */
  take(end = false): string {
    let text = this.#text;
    if (text === '') return text;
    this.#text = '';
    if (!end && isHighSurrogate(text.charCodeAt(text.length - 1))) {
      this.#text = text.slice(-1);
      text = text.slice(0, -1);
    }
    return needsCare.test(text) ? text.replaceAll(lonely, '\uFFFD') : text;
  }
}

// With the `u` flag a pair is one character, so that only halves match.
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for
const needsCare = /[\u0000\p{Surrogate}]/u;
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for
const lonely = /[\u0000\p{Surrogate}]/gu;
