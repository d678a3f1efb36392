import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codePoint } from '../../../test/support/code-point.ts';
import { Utf8Reader } from './utf8-reader.ts';

/** Bytes in pieces, cut where it is said. */
const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
};

// A byte order mark at the start is no text.
const words = fc.string({ unit: codePoint, maxLength: 30 }).filter((text) => !text.startsWith('\uFEFF'));
const cuts = fc.array(fc.nat(), { maxLength: 8 });

it('reads any text, however it is cut', () => {
  fc.assert(
    fc.property(words, cuts, (text, places) => {
      const reader = new Utf8Reader();
      const read = cutAt(Buffer.from(text), places).map((piece) => reader.read(piece));
      expect(read.map((one) => one.text).join('')).toBe(text);
      expect(read.filter(({ failure }) => failure !== undefined)).toEqual([]);
    }),
  );
});

it('reads all that stands before what is no text, however it is cut', () => {
  const garbage = fc.constantFrom([0xff], [0xc3, 0x28], [0x80], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x98, 0x20]);
  fc.assert(
    fc.property(words, fc.tuple(garbage, words), cuts, (text, [wrong, more], places) => {
      const reader = new Utf8Reader();
      const pieces = cutAt(Buffer.concat([Buffer.from(text), Buffer.from(wrong), Buffer.from(more)]), places);
      const taken: Buffer[] = [];
      let read = '';
      for (const piece of pieces) {
        const { text: some, length, failure } = reader.read(piece);
        read += some;
        taken.push(piece.subarray(0, length));
        if (failure !== undefined) break;
      }
      expect(read).toBe(text);
      const bytes = Buffer.concat(taken);
      expect(bytes.subarray(0, Buffer.byteLength(text)).toString()).toBe(text);
      expect(bytes.length).toBeLessThan(Buffer.byteLength(text) + 4);
    }),
  );
});
