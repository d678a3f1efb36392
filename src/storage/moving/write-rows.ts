import type { Connection } from '../engines/engine.ts';
import { unitsOf } from './read-rows.ts';
import type { Row, RowQueries } from './row-queries.ts';

/** Of one statement, about: servers refuse statements of more than so many megabytes. */
const mostUnits = 1_000_000;

/**
 * Stores rows as they are. Waits for nothing but its statements, which a group of SQLite's writers asks for.
 */
export async function writeRows(
  connection: Connection,
  { insert }: RowQueries,
  rows: readonly Row[],
): Promise<void> {
  for (const part of partsOf(rows))
    for (const { query, items } of insert.pieces(part)) await connection.run(query, items);
}

function* partsOf(rows: readonly Row[]): Generator<Row[]> {
  let part: Row[] = [];
  let units = 0;
  for (const row of rows) {
    const more = unitsOf([row]);
    if (part.length > 0 && units + more > mostUnits) {
      yield part;
      [part, units] = [[], 0];
    }
    part.push(row);
    units += more;
  }
  if (part.length > 0) yield part;
}
