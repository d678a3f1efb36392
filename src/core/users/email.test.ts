import { describe, expect, test } from 'vitest';
import { checkEmail } from './email.ts';

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
