import * as fc from 'fast-check';

const [firstSurrogate, surrogates, last] = [0xd800, 0x800, 0x10_ffff];

/** Any character of Unicode. As `unit: 'binary'` has them, which makes a table of all the million in each process to look up ten. */
export const codePoint: fc.Arbitrary<string> = fc.nat({ max: last - surrogates }).map(
  (index) => String.fromCodePoint(index < firstSurrogate ? index : index + surrogates),
  (character) => {
    const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
    if (point === undefined || String.fromCodePoint(point) !== character) throw new Error('No character');
    return point < firstSurrogate ? point : point - surrogates;
  },
);
