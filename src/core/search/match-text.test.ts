import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchText } from './match-text.ts';
import { parseSearch } from './parse-search.ts';

const word = fc.constantFrom('Left', 'right', 'RIGHT', 'rights', '2nd', 'a', 'x'.repeat(70), 'crème', '👍');
const between = fc.constantFrom(' ', '-', '_', ', ', ' – ', '’', '“', '', '\n', '\u00ad');
const texts = fc.array(fc.tuple(word, between), { maxLength: 12 }).map((pieces) => pieces.flat().join(''));
/** A currency sign is in no word, and not plain: the text is read word by word. */
const readSlowly = (text: string) => `${text}€`;

test('what is seen sooner in plain texts is what reading their words says', () => {
  const queries = fc.constantFrom(
    'left',
    '"left right"',
    'left-right a',
    '"right a" "left 2nd"',
    `"a ${'x'.repeat(64)}"`,
    '"creme right"',
    '"👍 a"',
  );
  fc.assert(
    fc.property(texts, queries, (text, query) => {
      const asked = parseSearch(query);
      expect(matchText(text, asked)).toEqual(matchText(readSlowly(text), asked));
    }),
    { numRuns: 3_000 },
  );
});

test('words stand side by side whatever is between them', () => {
  const found = (text: string) => matchText(text, parseSearch('"left right"')) !== undefined;
  for (const text of ['Left right', 'LEFT – “right”', 'left_right', 'so left,\n\nright so', 'left right €'])
    expect(found(text), text).toBe(true);
  for (const text of ['left rights', 'aleft right', 'right left', 'left a right', 'left2 right'])
    expect(found(text), text).toBe(false);
});
