import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeIds, encodeIds, endOfIds } from './id-list.ts';

test('ids come back as they were, in a character or two each', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { maxLength: 50 });
  fc.assert(
    fc.property(ids, (some) => {
      const sorted = some.toSorted((a, b) => a - b);
      expect(decodeIds(encodeIds(sorted))).toEqual(sorted);
    }),
  );
  const dense = Array.from({ length: 1_000 }, (_, index) => 9_000_000 + index * 20);
  expect(encodeIds(dense).length).toBeLessThan(1_010);
  expect(encodeIds(dense)).toMatch(/^[\w-]+$/);
});

test('ids that follow are appended to what is encoded', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { maxLength: 50 });
  fc.assert(
    fc.property(ids, fc.nat(50), (some, at) => {
      const sorted = some.toSorted((a, b) => a - b);
      const [before, after] = [sorted.slice(0, at), sorted.slice(at)];
      const text = encodeIds(before);
      expect(endOfIds(text)).toEqual({ count: before.length, last: before.at(-1) ?? 0 });
      expect(text + encodeIds(after, endOfIds(text).last)).toBe(encodeIds(sorted));
    }),
  );
});
