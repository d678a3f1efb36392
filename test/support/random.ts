/** A repeatable source of numbers between 0 (inclusive) and 1: mulberry32. The same seed gives the same sequence. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed for this run: given by `SEED`, or new. A failing test prints it, so that it can be run again. */
export const runSeed = (): number => Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
