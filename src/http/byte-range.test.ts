import { describe, expect, it } from 'vitest';
import { readByteRange } from './byte-range.ts';

describe('a range of ten bytes', () => {
  it.each([
    ['bytes=0-', { first: 0, last: 9 }],
    ['bytes=3-5', { first: 3, last: 5 }],
    ['Bytes=3-99', { first: 3, last: 9 }],
    ['bytes=9-9', { first: 9, last: 9 }],
    ['bytes=-4', { first: 6, last: 9 }],
    ['bytes=-99', { first: 0, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=10-12', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
  ])('%s', (header, range) => {
    expect(readByteRange(header, 10)).toEqual(range);
  });

  it.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-3',
    'bytes=0-1,3-4',
    'bytes=a-b',
    'bytes=1-2-3',
    'bytes=-1-',
    'bytes=99999999999999999-',
    'items=0-1',
    'bytes=0x1-2',
  ])('%j asks for all of it', (header) => {
    expect(readByteRange(header, 10)).toBeUndefined();
  });
});
