import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codePoint } from '../../../test/support/code-point.ts';
import { DomainError } from '../errors.ts';
import { checkEmail } from './email.ts';
import { checkUsername } from './username.ts';

describe('username', () => {
  test.each([
    'a',
    'Bob',
    'bob smith',
    "O'Neil",
    'ådmin_1.2-3',
    '山田太郎',
    'محمد',
    '👨‍👩‍👧',
    '<b>',
    'x'.repeat(80),
    '𝒳'.repeat(80),
  ])('%s is one', (name) => {
    expect(checkUsername(name).username).toBe(name);
  });

  test('loses the white space around it and gets a canonical form', () => {
    expect(checkUsername('  Bob  Smith\u3000')).toEqual({ username: 'Bob  Smith', usernameKey: 'bob smith' });
  });

  test.each([
    '',
    ' ',
    'x'.repeat(81),
    'x'.repeat(100_000),
    'a@b',
    'a＠b',
    'a\0b',
    'a\nb',
    'a\tb',
    'a\u0085b',
    'a\u2028b',
    'a\u202eb',
    'a\u200bb',
    'a\ud800',
    '\udc00a',
    '\ue000',
    '\u3164',
    '\u200d',
    '\ufe0f',
    'ﷺ'.repeat(80),
  ])('%j is none', (name) => {
    expect(() => checkUsername(name)).toThrow(expect.objectContaining({ code: 'username-invalid' }));
  });
});

test('no username can be taken for an email', () => {
  const text = fc.oneof(
    fc.emailAddress(),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: codePoint }),
  );
  const keyOf = (check: () => string): string | undefined => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return undefined;
    }
  };
  fc.assert(
    fc.property(text, (given) => {
      const username = keyOf(() => checkUsername(given).usernameKey);
      const email = keyOf(() => checkEmail(given).emailKey);
      expect(username === undefined || email === undefined).toBe(true);
    }),
    { numRuns: 300 },
  );
});
