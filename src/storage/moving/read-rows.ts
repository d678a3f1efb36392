import { createHash } from 'node:crypto';
import type { Reading } from '../engines/engine.ts';
import type { Row, RowQueries } from './row-queries.ts';

const mostRows = 1_000;
/** Of a page, about: rows may hold long texts. */
const mostUnits = 4_000_000;

/** Every row behind one (null: every row), in pages, by primary key. */
export async function* readRows(
  reading: Reading,
  queries: RowQueries,
  behind: Row | null = null,
): AsyncGenerator<Row[]> {
  let [last, limit] = [behind, mostRows];
  for (;;) {
    const rows = await readPage(reading, queries, { behind: last, limit });
    last = rows.at(-1) ?? null;
    if (!last) return;
    yield rows;
    limit = Math.max(1, Math.min(mostRows, Math.floor((mostUnits * rows.length) / unitsOf(rows))));
  }
}

async function readPage(
  reading: Reading,
  { first, behind: pieces }: RowQueries,
  { behind, limit }: { behind: Row | null; limit: number },
): Promise<Row[]> {
  if (!behind) return reading.all(first, { limit });
  const rows: Row[] = [];
  for (const piece of pieces) {
    if (rows.length === limit) break;
    rows.push(...(await reading.all(piece, { ...behind, limit: limit - rows.length })));
  }
  return rows;
}

/** UTF-16 code units, with a few for what is no text. */
export const unitsOf = (rows: readonly Row[]): number => {
  let units = 0;
  for (const row of rows)
    for (const value of Object.values(row)) units += typeof value === 'string' ? value.length : 8;
  return units;
};

export type TableSum = { rows: number; hash: string };

/** What a table holds, in a form that is the same on every engine: SHA-256 over its rows as lines of JSON, by primary key. */
export async function sumOf(
  reading: Reading,
  queries: RowQueries,
  tell: (rows: number) => void = () => undefined,
): Promise<TableSum> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of readRows(reading, queries)) {
    for (const row of rows) hash.update(lineOf(row, queries.columns));
    count += rows.length;
    tell(rows.length);
  }
  return { rows: count, hash: hash.digest('hex') };
}

const lineOf = (row: Row, columns: readonly string[]): string =>
  `${JSON.stringify(columns.map((column) => row[column]))}\n`;
