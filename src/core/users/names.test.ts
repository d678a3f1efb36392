import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../errors.ts';
import { checkEmail } from './email.ts';
import { checkFirstName } from './first-name.ts';
import { checkPassword } from './password.ts';
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

describe('email', () => {
  test.each([
    'a@b.co',
    'Bob.Smith+tag@Example.COM',
    "o'neil@x-y.example",
    'jörg@müller.example',
    '用户@例子.公司',
    `${'x'.repeat(64)}@b.co`,
  ])('%s is one', (address) => {
    expect(checkEmail(` ${address} `).email).toBe(address);
  });

  test('gets a canonical form', () => {
    expect(checkEmail('Bob@Example.COM').emailKey).toBe('bob@example.com');
  });

  test.each([
    '',
    'bob',
    'bob@',
    '@example.com',
    'bob@example',
    'bob@.com',
    'bob@example.',
    'bob@example..com',
    'bob@-x.com',
    'bob@x-.com',
    'bob@x.c',
    'a@b@c.com',
    'a＠b@c.com',
    'a b@c.com',
    '.a@b.com',
    'a.@b.com',
    'a..b@c.com',
    'a\0@b.com',
    'a\ud800@b.com',
    'a\n@b.com',
    '<a@b.com>',
    'a@b.com\r\nBcc: c@d.com',
    `${'x'.repeat(65)}@b.com`,
    `a@${'x'.repeat(64)}.com`,
    `a@${'x.'.repeat(130)}com`,
    `${'a.'.repeat(50_000)}@b.com`,
  ])('%j is none', (address) => {
    expect(() => checkEmail(address)).toThrow(expect.objectContaining({ code: 'email-invalid' }));
  });
});

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

test('no username can be taken for an email', () => {
  const text = fc.oneof(
    fc.emailAddress(),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary' }),
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
    { numRuns: 1000 },
  );
});
