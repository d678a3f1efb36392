import { constants, deflateRawSync, deflateSync } from 'node:zlib';

type Made = { trailer?: string; deflated?: boolean };
/** What a page draws, as operators of its language, and how often. */
type Drawn = string | { drawn: string; times: number };

/** A PDF with these pages; one that draws the same again and again is never whole in memory where it is deflated. */
export function pdfOf(pages: readonly Drawn[], { trailer = '', deflated = false }: Made = {}): Buffer {
  const first = 4;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(' ');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ].map((text) => Buffer.from(text));
  for (const [index, page] of pages.entries()) {
    const { drawn, times } = typeof page === 'string' ? { drawn: page, times: 1 } : page;
    const content = deflated ? deflateTimes(drawn, times) : Buffer.from(drawn.repeat(times), 'latin1');
    const filter = deflated ? '/Filter/FlateDecode' : '';
    objects.push(
      Buffer.from(
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F1 3 0 R>>>>/Contents ${first + 2 * index + 1} 0 R>>`,
      ),
      Buffer.concat([
        Buffer.from(`<</Length ${content.length}${filter}>>stream\n`),
        content,
        Buffer.from('\nendstream'),
      ]),
    );
  }
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const places: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj`), object, Buffer.from('\nendobj\n')]);
    places.push(at);
    at += part.length;
    parts.push(part);
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end, 'latin1')]);
}

/** `deflateSync(text.repeat(times))` at the price of doing it once: what a full flush ends may be followed by any other piece. */
function deflateTimes(text: string, times: number): Buffer {
  const once = deflateSync(text);
  const sum = once.readUInt32BE(once.length - 4);
  const piece = deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH });
  const end = Buffer.alloc(6);
  end.set(deflateRawSync(''));
  end.writeUInt32BE(sumOfTimes(sum, { length: Buffer.byteLength(text), times }), 2);
  return Buffer.concat([once.subarray(0, 2), ...Array.from({ length: times }, () => piece), end]);
}

/** Adler-32 of a text that is repeated, by the sum of the text (RFC 1950, section 8.2). */
function sumOfTimes(sum: number, { length, times }: { length: number; times: number }): number {
  const prime = 65_521;
  const [low, high] = [sum & 0xffff, sum >>> 16];
  let [a, b] = [1, 0];
  for (let done = 0; done < times; done += 1) {
    b = (b + high + (length % prime) * (a + prime - 1)) % prime;
    a = (a + low + prime - 1) % prime;
  }
  return ((b << 16) | a) >>> 0;
}

/** A page with one line of text. */
export const lineOf = (text: string): string => `BT /F1 12 Tf 10 100 Td (${text}) Tj ET`;
