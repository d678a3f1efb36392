const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 160 || code === 0x3000;

/** Cuts a text into words, each with the white space after it; joined they are the text again. Linear in its length. */
export const splitWords = (text: string): string[] => {
  const words: string[] = [];
  let start = 0;
  for (let index = 1; index < text.length; index += 1) {
    if (isSpace(text.charCodeAt(index - 1)) && !isSpace(text.charCodeAt(index))) {
      words.push(text.slice(start, index));
      start = index;
    }
  }
  if (start < text.length) words.push(text.slice(start));
  return words;
};

/** How many words a text has. Linear in its length, and keeps nothing. */
export const countWords = (text: string): number => {
  let words = 0;
  let inWord = false;
  for (let index = 0; index < text.length; index += 1) {
    const space = isSpace(text.charCodeAt(index));
    if (!space && !inWord) words += 1;
    inWord = !space;
  }
  return words;
};
