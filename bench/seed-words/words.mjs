/** So many different words, of which few are in most texts and most in few, as in any language. */
const vocabulary = 50_000;

/** The same numbers in every run. @param {number} seed */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const syllables = ['ka', 'lo', 'mi', 'ter', 'su', 'ne', 'ra', 'vi', 'do', 'pel'];

/** A word by its rank, the most frequent first. @param {number} rank */
export const wordOf = (rank) => String(rank).replaceAll(/\d/g, (digit) => syllables[Number(digit)]);

const words = Array.from({ length: vocabulary }, (_, rank) => wordOf(rank));

/** A text of so many words, each as often as Zipf's law has it. @param {() => number} random @param {number} count */
export const textOf = (random, count) =>
  Array.from({ length: count }, () => words[Math.floor(vocabulary ** random())]).join(' ');
