import { describe, expect, test } from 'vitest';
import { checkPassword } from './password.ts';

describe('password', () => {
  test.each(['x', ' ', 'pass word ', 'x'.repeat(1024), '😀'.repeat(1024)])(
    '%j is one, as it is',
    (password) => {
      expect(checkPassword(password)).toBe(password);
    },
  );

  test.each(['', 'x'.repeat(1025), '😀'.repeat(1025), 'a\0b', 'a\ud800'])('%j is none', (password) => {
    expect(() => checkPassword(password)).toThrow(expect.objectContaining({ code: 'password-invalid' }));
  });
});
