import { sql } from 'kysely';
import type { Engine, Reading } from '../engines/engine.ts';
import { countedNames, type MovedTable } from './moved-tables.ts';
import { readRows, sumOf, type TableSum } from './read-rows.ts';
import { rowQueries, type Row, type RowQueries } from './row-queries.ts';

/** Hears how far a move came. Rows count twice: once when they are written, once when they are compared. */
export type MoveProgress = {
  begin(totalRows: number): void;
  /** So many more rows of a table are done. */
  rows(table: MovedTable, count: number): void;
};

export type Moved = { table: MovedTable } & TableSum;

/** A source that is read in one state, and a target. */
export type Copying = { source: Engine; reading: Reading; target: Engine; progress: MoveProgress };

/** For each table what reads it there and writes it here, those first that others refer to. */
const pairsOf = ({ source, target }: Copying): { from: RowQueries; into: RowQueries }[] => {
  const into = new Map(rowQueries(target).map((queries) => [queries.name, queries]));
  return rowQueries(source).map((from) => ({ from, into: into.get(from.name) ?? from }));
};

/** Tells how many rows there are to write and to compare. */
export async function countRows({ source, reading, progress }: Copying): Promise<void> {
  let total = 0;
  for (const { count } of rowQueries(source)) total += (await reading.one(count, {}))?.count ?? 0;
  progress.begin(total * 2);
}

type Steps = {
  /** The last row of a table that is there already; null for none. */
  behind: (table: MovedTable) => Row | null;
  store: (into: RowQueries, rows: readonly Row[]) => Promise<void>;
};

/** Reads every row of the source, page by page, and has it stored. */
export async function copyRows(copying: Copying, { behind, store }: Steps): Promise<void> {
  for (const { from, into } of pairsOf(copying))
    for await (const rows of readRows(copying.reading, from, behind(from.name))) {
      await store(into, rows);
      copying.progress.rows(from.name, rows.length);
    }
}

/** Reads both sides again. @throws what `differs` makes for the first table that is not the same */
export async function compare(
  copying: Copying,
  copied: Reading,
  differs: (table: MovedTable) => Error,
): Promise<Moved[]> {
  const sums: Moved[] = [];
  for (const { from, into } of pairsOf(copying)) {
    const [one, other] = await Promise.all([
      sumOf(copying.reading, from, (rows) => copying.progress.rows(from.name, rows)),
      sumOf(copied, into),
    ]);
    if (one.rows !== other.rows || one.hash !== other.hash) throw differs(from.name);
    sums.push({ table: from.name, ...one });
  }
  return sums;
}

/** No id is given out twice, even one whose row is gone. */
export async function raiseIds({ source, reading, target }: Copying): Promise<void> {
  const statements: string[] = [];
  for (const table of countedNames) {
    // The target may have given out more, in rows that were replaced.
    const highest = Math.max(
      await source.moving.highestId(reading, table),
      await target.moving.highestId(target.reader, table),
    );
    if (highest > 0) statements.push(...target.moving.raiseIds(table, highest));
  }
  await runAll(target, statements);
}

/** The first questions after a move are answered as quickly as later ones. */
export const countForPlans = (target: Engine): Promise<void> =>
  runAll(
    target,
    rowQueries(target).flatMap(({ name }) => target.moving.countForPlans(name)),
  );

const runAll = (target: Engine, statements: readonly string[]): Promise<void> =>
  target.migrate(async ({ database }) => {
    for (const statement of statements) await sql.raw(statement).execute(database);
  });
