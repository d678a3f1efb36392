import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codePoint } from '../../../test/support/code-point.ts';
import { canonicalName } from './canonical-name.ts';

/** Letters with interesting case, width and composition among the many plain ones. */
const letters = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('aAéÉßẞıİiIςσΣﬁǅﾊﾞがñåÅΩΩ가ﷺ')),
    minLength: 1,
    maxLength: 20,
  }),
);

/** The wide twins of printable ASCII. */
const widened = (text: string) =>
  text.replaceAll(/[!-~]/g, (character) => String.fromCodePoint(character.charCodeAt(0) + 0xfee0));

describe('two names that differ only in', () => {
  test('case are one', () => {
    fc.assert(
      fc.property(letters, (name) => {
        expect(canonicalName(name.toUpperCase())).toBe(canonicalName(name));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('abcXYZéÉñÑößΩд Д1')) }), (name) => {
        expect(canonicalName(name.toLowerCase())).toBe(canonicalName(name));
      }),
    );
  });

  test('composition are one', () => {
    fc.assert(
      fc.property(letters, fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'), (name, form) => {
        expect(canonicalName(name.normalize(form))).toBe(canonicalName(name));
      }),
    );
  });

  test('width are one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (name) => {
        expect(canonicalName(widened(name))).toBe(canonicalName(name));
      }),
    );
  });

  test('white space around or invisible characters within are one', () => {
    for (const spelling of [
      'bob',
      ' bob',
      'bob\u00a0',
      'b\u00adob',
      'bo\u200bb',
      'b\u{e0062}ob',
      '\ufeffBOB\n',
    ]) {
      expect(canonicalName(spelling)).toBe('bob');
    }
  });
});

test('the form of a form is itself, for any text at all', () => {
  fc.assert(
    fc.property(fc.oneof(letters, fc.string({ unit: codePoint, maxLength: 40 })), (name) => {
      expect(canonicalName(canonicalName(name))).toBe(canonicalName(name));
    }),
    { numRuns: 400 },
  );
});

test.each([
  ['admin', 'ádmin'],
  ['bob', 'bоb'],
  ['bob', 'b ob'],
  ['o', '0'],
  ['user.name', 'username'],
  ['a', 'ä'],
])('%s and %s are two', (one, other) => {
  expect(canonicalName(one)).not.toBe(canonicalName(other));
});

test.each([
  ['STRASSE', 'straße'],
  ['ΟΔΟΣ', 'οδος'],
  ['ﬁnn', 'FINN'],
  ['İstanbul', 'i\u0307stanbul'],
])('%s and %s are one', (one, other) => {
  expect(canonicalName(one)).toBe(canonicalName(other));
});
