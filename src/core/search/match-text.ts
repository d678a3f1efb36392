import type { Asked } from './parse-search.ts';
import { isWithout, readWords, type Word } from './read-words.ts';

/** Where a sequence stands in a text, in UTF-16 code units. */
export type Hit = { start: number; end: number; sequence: number };
export type Match = {
  /** In the order of the text; at most the first hundred of each sequence. */
  hits: Hit[];
  /** All that was asked for stands side by side somewhere, in the order in which it was asked. */
  together: boolean;
};

const mostHits = 100;

/** Where all that is asked for stands in a text; undefined where something of it does not. */
export function matchText(text: string, { sequences, patterns }: Asked): Match | undefined {
  if (patterns.some((pattern) => isWithout(text, pattern))) return undefined;
  const words = readWords(text);
  const hits: Hit[] = [];
  for (const [number, sequence] of sequences.entries()) {
    const places = placesOf(words, sequence, mostHits);
    if (places.length === 0) return undefined;
    for (const place of places) {
      const [first, last] = [words[place], words[place + sequence.length - 1]];
      if (first && last) hits.push({ start: first.start, end: last.end, sequence: number });
    }
  }
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  const together = sequences.length === 1 || placesOf(words, sequences.flat(), 1).length > 0;
  return { hits, together };
}

function placesOf(words: readonly Word[], sequence: readonly Word[], most: number): number[] {
  const places: number[] = [];
  const first = sequence[0]?.term;
  for (let place = 0; place + sequence.length <= words.length && places.length < most; place += 1)
    if (words[place]?.term === first && standsAt(words, sequence, place)) places.push(place);
  return places;
}

const standsAt = (words: readonly Word[], sequence: readonly Word[], place: number): boolean =>
  sequence.every(({ term, joined }, index) => {
    const word = words[place + index];
    return word !== undefined && word.term === term && (!joined || word.joined);
  });
