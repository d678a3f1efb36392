/** Marks that a letter can be written without. Vowel signs and the voicing marks of kana make another letter, and stay. */
const accents =
  /(?![\u3099\u309a])(?=[\p{Mn}\p{Me}])[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Cyrillic}]/gu;
/** What is in a word and is not read: soft hyphens, joiners, the Arabic stroke that stretches it. */
const unread = /[^\p{L}\p{N}\p{M}]|\u0640/gu;
const strokes = /[æœøłđðþħŧς]/g;
const plain: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ς: 'σ',
};

/** A word as all its spellings have it: in any case, with or without accents, wide or narrow, composed or not. */
export function foldWord(word: string): string {
  // Through upper case: ß, ſ and ı have no lower case that they share with SS, S and I. Before that through lower case, for ẞ.
  const lower = word.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase();
  const bare = lower.normalize('NFD').replace(accents, '').normalize('NFC');
  return bare.replace(strokes, (letter) => plain[letter] ?? letter).replace(unread, '');
}
