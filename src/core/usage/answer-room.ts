import { firstUnits } from '../unicode-text.ts';
import { estimateTokens, unitsWithin } from './estimate-tokens.ts';

/** What an answer may still say, for AIs that keep to no length. */
export class AnswerRoom {
  #tokens: number;

  constructor(tokens = Number.POSITIVE_INFINITY) {
    this.#tokens = tokens;
  }

  /** As much of the next text as there is room for. */
  take(text: string): string {
    // What is not limited is not counted: this is done for every word of every answer.
    if (this.#tokens === Number.POSITIVE_INFINITY) return text;
    const fitting = firstUnits(text, unitsWithin(text, this.#tokens));
    this.#tokens -= estimateTokens(fitting);
    return fitting;
  }
}
