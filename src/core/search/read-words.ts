import { firstUnits } from '../unicode-text.ts';
import { foldWord } from './fold-word.ts';

/** A word of a text. `start` and `end` are the place of it, in UTF-16 code units. */
export type Word = {
  term: string;
  start: number;
  end: number;
  /** It is one character of a script without spaces, and follows another one at once. */
  joined: boolean;
};

/** What follows in a text is not searched. */
const mostWords = 10_000;
/** Longer words are the same where they begin the same. */
const termLength = 64;

const spaceless = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const characters = `[${spaceless.map((script) => `\\p{scx=${script}}`).join('')}]`;
const character = `[[\\p{L}\\p{N}]&&${characters}][\\p{M}\\uff9e\\uff9f]*`;
// A syllable of Hangul that was taken apart is one character still.
const syllable =
  '[\\u1100-\\u115f\\ua960-\\ua97c][\\u1160-\\u11a7\\ud7b0-\\ud7c6]*[\\u11a8-\\u11ff\\ud7cb-\\ud7fb]*';
const letters = `[[\\p{L}\\p{N}]--${characters}][[\\p{L}\\p{N}\\p{M}\\u00ad\\u200c\\u200d\\u2060]--${characters}]*`;
const picture = '\\p{RI}\\p{RI}|\\p{ExtPict}';
// The compiler's target knows no literals of this kind yet.
const anyWord = new RegExp(`(${syllable}|${character})|(${letters})|(?:${picture})`, 'gv');

const beyondAscii = /[^\0-\x7f]/;
/** Dashes, quotes and dots of typography are in no word, as those of ASCII. */
const beyondPlain = /[^\0-\x7f\u2010-\u2027\u2030-\u203a]/;
const plainWord = /[a-z0-9]+/g;

/** The words of a text in order, at most ten thousand: runs of letters and digits, characters of scripts without spaces, emoji. */
export function readWords(text: string): Word[] {
  return beyondPlain.test(text) ? readAny(text) : readPlain(text);
}

/**
 * What is in every text without other letters than those of ASCII that has a sequence of words; undefined where that cannot be said. It
 * finds out many times sooner than all words of a text are read.
 */
export function patternOf(words: readonly Word[]): RegExp | undefined {
  const terms = words.map(({ term }) => term);
  if (!terms.every((term) => /^[a-z0-9]+$/.test(term) && term.length < termLength)) return undefined;
  return new RegExp(`(?<![a-z0-9])${terms.join('[^a-z0-9]+')}(?![a-z0-9])`, 'i');
}

/** Whether a text is seen not to have what a pattern stands for. */
export const isWithout = (text: string, pattern: RegExp): boolean =>
  !pattern.test(text) && !beyondPlain.test(text);

function readPlain(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: word, index } of text.toLowerCase().matchAll(plainWord)) {
    words.push({ term: word.slice(0, termLength), start: index, end: index + word.length, joined: false });
    if (words.length === mostWords) break;
  }
  return words;
}

function readAny(text: string): Word[] {
  const words: Word[] = [];
  let characterEnd = -1;
  for (const { 0: found, 1: character, 2: run, index } of text.matchAll(anyWord)) {
    const end = index + found.length;
    const term = character === undefined && run === undefined ? found : fold(found);
    if (term !== '')
      words.push({ term, start: index, end, joined: character !== undefined && index === characterEnd });
    if (character !== undefined) characterEnd = end;
    if (words.length === mostWords) break;
  }
  return words;
}

/** Characters with one spelling: nearly all there are of texts in their scripts. */
const settled = /^[\u0e01-\u0e2e\u3041-\u3094\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]$/;

const fold = (word: string): string =>
  settled.test(word)
    ? word
    : firstUnits(beyondAscii.test(word) ? foldWord(word) : word.toLowerCase(), termLength);
