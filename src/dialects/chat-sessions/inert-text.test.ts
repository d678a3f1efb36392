import { describe, expect, it } from 'vitest';
import { isScriptLike, stripTags } from './inert-text.ts';

describe('stripTags', () => {
  it.each([
    ['Hello <b>world</b>', 'Hello world'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<scr<b>ipt>x</scr</b>ipt>', 'x'],
    ['<<b>a>b', 'b'],
    ['<!-- note -->text', 'text'],
    ['<a\nhref="x">link', 'link'],
    ['<B>LOUD</B>', 'LOUD'],
    ['a < b and c > d', 'a < b and c > d'],
    ['if (a<b) return', 'if (a<b) return'],
    ['I <3 you', 'I <3 you'],
    ['x <- 5; y -> 6', 'x <- 5; y -> 6'],
    ['< >b>', '< >b>'],
    ['  spaces\t\n ', '  spaces\t\n '],
    ['', ''],
  ])('%j becomes %j', (text, stripped) => {
    expect(stripTags(text)).toBe(stripped);
    expect(stripTags(stripped)).toBe(stripped);
  });

  it('does not stall on tags in tags', () => {
    const deep = 200_000;
    expect(stripTags(`${'<a'.repeat(deep)}${'>'.repeat(deep)}`)).toBe('');
    expect(stripTags('<a'.repeat(deep))).toHaveLength(2 * deep);
  });
});

describe('isScriptLike', () => {
  it.each([
    'javascript:alert(1)',
    '<a href="JavaScript:alert(1)">x</a>',
    '<img src=x onerror=alert(1)>',
    '<img src=x onerror = alert(1)>',
    'onclick=steal()',
    '<iframe src="x">',
    '</IFRAME>',
    '<object data="x">',
    '<embed>',
  ])('%j is', (text) => {
    expect(isScriptLike(text)).toBe(true);
  });

  it.each([
    'Is JavaScript hard?',
    'one = 1 and none=0',
    'I <3 this one = 1',
    'The object of an iframe is to embed',
    'on and on: 5 = 5',
    '<b>bold</b>',
    'condition=true',
  ])('%j is not', (text) => {
    expect(isScriptLike(text)).toBe(false);
  });

  it.each(['<', '<on', ' ona', 'javascript', '< iframe'])('does not stall on %j again and again', (piece) => {
    const startedAt = performance.now();
    isScriptLike(piece.repeat(5000 / piece.length));
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});
