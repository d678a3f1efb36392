import { MustBe, type Parser } from './parser.ts';

/** A port, and the dialects that are served on it. */
export type Listener = { port: number; dialects: readonly string[] };

/** `5000=histories,amanda 8000=flutter`; a port without names has /api/v1 alone, and `all` stands for every dialect. */
export const listeners: Parser<Listener[]> = (text) => {
  const found = text.trim().split(/\s+/).map(toListener);
  const known = found.filter((one) => one !== undefined);
  const ports = known.map(({ port }) => port).filter((port) => port !== 0);
  if (known.length < found.length)
    return new MustBe('ports and their dialects, such as 5000=histories,amanda 8000=flutter');
  return new Set(ports).size < ports.length ? new MustBe('different ports') : known;
};

function toListener(part: string): Listener | undefined {
  const [, port = '', names = ''] = /^(\d{1,5})(?:=([a-z0-9,-]*))?$/i.exec(part) ?? [];
  if (port === '' || Number(port) > 65_535) return undefined;
  return { port: Number(port), dialects: names.split(',').filter((name) => name !== '') };
}
