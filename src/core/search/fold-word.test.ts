import { expect, test } from 'vitest';
import { foldWord } from './fold-word.ts';

test('a word is the same in every case and form', () => {
  const different: string[] = [];
  for (let code = 0x41; code < 0x1_f000; code += 1) {
    const letter = String.fromCodePoint(code);
    if (!/[\p{L}\p{N}]/u.test(letter)) continue;
    const word = `a${letter}b`;
    const folded = foldWord(word);
    for (const form of [
      word.toUpperCase(),
      word.toLowerCase(),
      word.normalize('NFD'),
      word.normalize('NFKC'),
    ])
      if (foldWord(form) !== folded) different.push(`${letter} ${form}`);
  }
  expect(different).toEqual([]);
});

test.each([
  ['Crème', 'creme'],
  ['Straße', 'strasse'],
  ['GROẞ', 'gross'],
  ['İstanbul', 'istanbul'],
  ['Łódź', 'lodz'],
  ['Ærøskøbing', 'aeroskobing'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['Ёлка', 'елка'],
  ['ｶﾞﾗｽ', 'ガラス'],
  ['शान्ति', 'शान्ति'],
  ['مُحَمَّد', 'محمد'],
  ['co\u00adoperate', 'cooperate'],
])('%s is %s', (word, folded) => expect(foldWord(word)).toBe(folded));
