import { randomUUID } from 'node:crypto';

export type FormFile = { field: string; name: string; mediaType: string; bytes: Uint8Array };

/** A form of `multipart/form-data` with one file. Names may hold neither quotes nor line breaks. */
export function writeForm(
  fields: Readonly<Record<string, string>>,
  file: FormFile,
): { contentType: string; body: Buffer } {
  const boundary = `parlance-${randomUUID()}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${file.field}"; filename="${file.name}"\r\ncontent-type: ${file.mediaType}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(parts.join('') + head),
      file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}
