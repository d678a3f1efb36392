import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inPieces } from './reply-events.ts';

test('the pieces of a text make the text, follow on each other, and split no character', () => {
  const text = fc
    .tuple(fc.nat(3), fc.constantFrom('x', '👋', 'é👋', '漢'), fc.nat(40_000))
    .map(([shift, unit, count]) => 'x'.repeat(shift) + unit.repeat(count));
  fc.assert(
    fc.property(text, fc.nat(1_000), (whole, start) => {
      const pieces = [...inPieces(whole, start)];
      expect(pieces.map((piece) => piece.text).join('')).toBe(whole);
      let position = start;
      for (const piece of pieces) {
        expect(piece.start).toBe(position);
        expect(piece.text.isWellFormed()).toBe(true);
        expect(piece.text.length).toBeLessThanOrEqual(32 * 1024);
        position += piece.text.length;
      }
    }),
    { numRuns: 50 },
  );
});
