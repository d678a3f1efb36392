import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WholeCharacters } from './whole-characters.ts';

const giveOut = (pieces: readonly string[]): string[] => {
  const characters = new WholeCharacters();
  const given = pieces.map((piece) => {
    characters.add(piece);
    return characters.take();
  });
  return [...given, characters.take(true)];
};

describe('whole characters', () => {
  it('never gives out half a character, and loses none, whatever comes', () => {
    const units = fc.array(
      fc.string({ unit: fc.integer({ min: 1, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    );
    fc.assert(
      fc.property(units, (pieces) => {
        const given = giveOut(pieces);
        expect(given.every((text) => !/\p{Surrogate}/u.test(text))).toBe(true);
        expect(given.join('')).toBe(pieces.join('').replaceAll(/\p{Surrogate}/gu, '\ufffd'));
      }),
    );
  });

  it.each([
    [['\ud83d', '\ude00'], '😀'],
    [['a\ud83d', 'b'], 'a\ufffdb'],
    [['\ude00'], '\ufffd'],
    [['\ud83d'], '\ufffd'],
    [['a\u0000b'], 'a\ufffdb'],
  ])('%j is %j', (pieces, text) => {
    expect(giveOut(pieces).join('')).toBe(text);
  });
});
