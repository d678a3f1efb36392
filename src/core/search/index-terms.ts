import type { Word } from './read-words.ts';

/**
 * What a text is found by: its words, and each two characters of a script without spaces that follow each other, since the characters
 * alone are in too many texts.
 */
export function indexTerms(words: readonly Word[]): Set<string> {
  const terms = new Set<string>();
  let before = '';
  for (const { term, joined } of words) {
    terms.add(term);
    if (joined) terms.add(before + term);
    before = term;
  }
  return terms;
}
