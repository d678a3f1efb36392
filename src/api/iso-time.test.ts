import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from './iso-time.ts';

it('writes every time as the platform does', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), fc.integer({ min: 0, max: 86_400_000 }), (time, later) => {
      expect(isoTime(time)).toBe(time.toISOString());
      const next = new Date(Math.min(time.getTime() + later, 8.64e15));
      expect(isoTime(next)).toBe(next.toISOString());
    }),
  );
});

it('refuses a time that is none, as the platform does', () => {
  expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError);
});
