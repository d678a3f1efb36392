import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../core/errors.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('a cursor', () => {
  test('comes back as it was given out', () => {
    fc.assert(
      fc.property(fc.nat(), fc.maxSafeNat(), (id, at) => {
        const time = at % 8.64e15;
        expect(decodeCursor(encodeCursor('chats', time, id), { chats: 2 })).toEqual({
          kind: 'chats',
          numbers: [time, id],
        });
      }),
    );
  });

  test('of another kind, or changed in one place, is refused or another valid one, and nothing else', () => {
    const cursor = encodeCursor('older', 12_345);
    expect(() => decodeCursor(cursor, { newer: 1 })).toThrow(new DomainError('cursor-invalid'));
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, unit) => {
        const changed = cursor.slice(0, at) + unit + cursor.slice(at + 1);
        try {
          const { numbers } = decodeCursor(changed, { older: 1 });
          expect(numbers.every(Number.isSafeInteger)).toBe(true);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'cursor-invalid' });
        }
      }),
    );
  });
});
