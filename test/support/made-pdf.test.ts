import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pdfOf } from './made-pdf.ts';

it('a page that is deflated piece by piece is what it says', () => {
  for (const times of [1, 2, 700]) {
    const drawn = '0 0 10 10 re f\n'.repeat(50);
    const pdf = pdfOf([{ drawn, times }], { deflated: true });
    const start = pdf.indexOf('/FlateDecode>>stream\n') + '/FlateDecode>>stream\n'.length;
    const content = inflateSync(pdf.subarray(start, pdf.indexOf('\nendstream', start)));
    expect(content.equals(Buffer.from(drawn.repeat(times)))).toBe(true);
  }
});
