import type { Kysely } from 'kysely';
import type { SqlTraits } from '../engines/engine.ts';
import { prepared, preparedList, type ListQuery, type Named, type Query } from '../prepare.ts';
import { movedNames, movedTables, type MovedTable } from './moved-tables.ts';

export type Row = Named;

/** What moves the rows of one table, whatever they are. */
export type RowQueries = {
  name: MovedTable;
  key: readonly string[];
  columns: readonly string[];
  first: Query<Named, Row>;
  /** The rows behind one row, as pieces in their order: those that share all of its key but the last column, but two, ... */
  behind: readonly Query<Named, Row>[];
  count: Query<Named, { count: number }>;
  insert: ListQuery<Row, unknown>;
  removeAll: Query<Named, unknown>;
};

/** The schema, for who does not care which table it is. */
type AnyTable = Kysely<Record<string, Record<string, string | number | null>>>;

/** For every table, those first that others refer to. */
export const rowQueries = (traits: SqlTraits): RowQueries[] =>
  movedNames.map((name) => queriesOf(traits.builder as unknown as AnyTable, name));

const queriesOf = (builder: AnyTable, name: MovedTable): RowQueries => {
  const key: readonly string[] = movedTables[name].key;
  const columns = Object.keys(movedTables[name].columns);
  const page = builder.selectFrom(name).select(columns);
  const inOrder = (rows: typeof page, from: number) => {
    let ordered = rows;
    for (const column of key.slice(from)) ordered = ordered.orderBy(column);
    return ordered;
  };
  return {
    name,
    key,
    columns,
    first: prepared<Named, Row>((p) => inOrder(page, 0).limit(p('limit') as never)),
    // Each is a walk along the primary key in every engine, which a comparison of several columns at once is not.
    behind: key
      .map((_, depth) =>
        prepared<Named, Row>((p) => {
          let rows = page;
          for (const column of key.slice(0, depth)) rows = rows.where(column, '=', p(column) as never);
          rows = rows.where(key[depth] ?? '', '>', p(key[depth] ?? '') as never);
          return inOrder(rows, depth).limit(p('limit') as never);
        }),
      )
      .toReversed(),
    count: prepared<Named, { count: number }>(() =>
      builder.selectFrom(name).select((fn) => fn.fn.countAll<number>().as('count')),
    ),
    insert: preparedList<Row, unknown>((items) =>
      builder
        .insertInto(name)
        .values(
          items.map((item) => Object.fromEntries(columns.map((column) => [column, item(column)])) as never),
        ),
    ),
    removeAll: prepared<Named, unknown>(() => builder.deleteFrom(name)),
  };
};
