import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutSnippet } from './cut-snippet.ts';
import { matchText } from './match-text.ts';
import { parseSearch } from './parse-search.ts';

const snippetOf = (text: string, query: string) => {
  const match = matchText(text, parseSearch(query));
  return match && cutSnippet(text, match.hits);
};

test('a short text is shown whole, with every place of what was asked for', () => {
  expect(snippetOf('To be, or not to be', '"to be" not')).toEqual({
    text: 'To be, or not to be',
    hits: [
      [0, 5],
      [10, 13],
      [14, 19],
    ],
  });
});

test('a long one is cut between words, around most of what was asked for', () => {
  const text = `needle ${'hay '.repeat(100)}needle in a stack ${'hay '.repeat(100)}`;
  const snippet = snippetOf(text, 'stack needle');
  expect(snippet?.text).toMatch(/^…hay .*hay needle in a stack hay .*hay…$/);
  expect(snippet?.hits.map(([start, end]) => snippet.text.slice(start, end))).toEqual(['needle', 'stack']);
});

test('it is a piece of the text, well-formed, and shows a hit', () => {
  const word = fc.constantFrom(
    'needle',
    'Nëedle',
    'hay',
    '👍🏽',
    '针',
    '针线',
    '\n\n',
    'x'.repeat(200),
    '"needle"',
  );
  const texts = fc.array(word, { maxLength: 120 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom('needle', '针线', '"hay needle"', '👍', 'x'.repeat(200)),
      (text, query) => {
        const snippet = snippetOf(text, query);
        if (!snippet) return;
        const piece = snippet.text.replace(/^…|…$/g, '');
        expect(text).toContain(piece);
        expect(snippet.text.isWellFormed()).toBe(true);
        expect(piece.length).toBeLessThanOrEqual(160);
        expect(snippet.hits.length).toBeGreaterThan(0);
        let before = 0;
        for (const [start, end] of snippet.hits) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          before = end;
        }
        expect(before).toBeLessThanOrEqual(snippet.text.length);
      },
    ),
  );
});
