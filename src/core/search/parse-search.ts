import { DomainError } from '../errors.ts';
import { requireUnicode } from '../unicode-text.ts';
import { patternOf, readWords, type Word } from './read-words.ts';

/** What is looked for: sequences of words, all of which a text must have. */
export type Asked = {
  sequences: readonly (readonly Word[])[];
  /** Of the sequences of several words, what most texts that have these elsewhere only are seen to lack. */
  patterns: readonly RegExp[];
  /** What the index has of every text that has all of them. */
  terms: readonly string[];
};

/** Of what is asked, in UTF-16 code units. */
export const searchLength = 200;

/**
 * Reads what a person types: words between spaces, in any order; what is between quotes, or has no space in it, stands together.
 * @throws DomainError `search-empty` without a word, `field-invalid` over 200 code units, `text-not-unicode`
 */
export function parseSearch(text: string): Asked {
  requireUnicode(text, 'q');
  if (text.length > searchLength)
    throw new DomainError('field-invalid', {
      details: [{ field: 'q', problem: `is longer than ${searchLength} UTF-16 code units` }],
    });
  const sequences = new Map<string, Word[]>();
  for (const [piece] of text.replace(/[“”„«»]/g, '"').matchAll(/"[^"]*"|[^\s"]+/g)) {
    const words = readWords(piece);
    if (words.length > 0) sequences.set(words.map(({ term }) => term).join(' '), words);
  }
  if (sequences.size === 0) throw new DomainError('search-empty');
  const asked = [...sequences.values()];
  const patterns = asked.flatMap((words) => (words.length > 1 ? (patternOf(words) ?? []) : []));
  return { sequences: asked, patterns, terms: [...termsOf(asked)] };
}

/** Of characters that follow each other the pairs say all that the characters do. */
function termsOf(sequences: readonly (readonly Word[])[]): Set<string> {
  const terms = new Set<string>();
  for (const words of sequences)
    for (const [index, { term, joined }] of words.entries()) {
      const before = words[index - 1];
      if (joined && before) terms.add(before.term + term);
      else if (words[index + 1]?.joined !== true) terms.add(term);
    }
  return terms;
}
