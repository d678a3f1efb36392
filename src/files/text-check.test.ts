import { describe, expect, it } from 'vitest';
import { TextCheck } from './text-check.ts';

/** The verdict over bytes that come in pieces of so many. */
const isText = (bytes: Uint8Array, pieces = bytes.length): boolean => {
  const check = new TextCheck();
  for (let at = 0; at < bytes.length; at += pieces) check.add(bytes.subarray(at, at + pieces));
  return check.end();
};

describe('plain text', () => {
  it.each([
    ['nothing', ''],
    ['words', 'two\tlines\r\n and a page\f'],
    ['many scripts', 'ünï 漢字 \u{1F469}\u200d\u{1F680}'],
    ['what a browser might run', '<script>alert(1)</script>'],
  ])('is %s, however it comes', (_name, text) => {
    const bytes = Buffer.from(text);
    for (const pieces of [1, 2, 3, 100]) expect(isText(bytes, pieces)).toBe(true);
  });

  it.each([
    ['NUL', [0x61, 0x00]],
    ['escape sequences', [0x1b, 0x5b, 0x33, 0x31, 0x6d]],
    ['bytes that are no UTF-8', [0x61, 0xff]],
    ['half a character at the end', [0x61, 0xc3]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['overlong spellings', [0xc0, 0xaf]],
  ])('is never %s', (_name, bytes) => {
    expect(isText(Buffer.from(bytes))).toBe(false);
    expect(isText(Buffer.from([...bytes, 0x61]), 1)).toBe(false);
  });
});
