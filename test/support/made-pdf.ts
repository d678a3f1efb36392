import { deflateSync } from 'node:zlib';

type Made = { trailer?: string; deflated?: boolean };

/** A PDF whose pages draw what is given, as operators of its language. */
export function pdfOf(pages: readonly string[], { trailer = '', deflated = false }: Made = {}): Buffer {
  const first = 4;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(' ');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ].map((text) => Buffer.from(text));
  for (const [index, drawn] of pages.entries()) {
    const content = deflated ? deflateSync(drawn) : Buffer.from(drawn, 'latin1');
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

/** A page with one line of text. */
export const lineOf = (text: string): string => `BT /F1 12 Tf 10 100 Td (${text}) Tj ET`;
