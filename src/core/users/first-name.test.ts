import { describe, expect, test } from 'vitest';
import { checkFirstName } from './first-name.ts';

describe('first name', () => {
  test.each([
    [null, null],
    ['', null],
    ['  ', null],
    [' Ann ', 'Ann'],
  ])('%j becomes %j', (given, stored) => {
    expect(checkFirstName(given)).toBe(stored);
  });

  test.each(['x'.repeat(101), 'a\0', 'a\ud800', 'a\nb'])('%j is none', (given) => {
    expect(() => checkFirstName(given)).toThrow(expect.objectContaining({ code: 'field-invalid' }));
  });
});
