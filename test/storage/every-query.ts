import type { SqlTraits } from '../../src/storage/engines/engine.ts';
import type { ListQuery, Query } from '../../src/storage/prepare.ts';
import { allQueries } from '../../src/storage/tables/all-queries.ts';

const isList = (query: object): query is ListQuery<unknown, unknown> => 'pieces' in query;
const isSingle = (query: object): query is Query<unknown, unknown> => 'sql' in query;

/** A patch of any column has the plan of a patch by id. */
const somePatch = { updated_at: 1, created_at: 1, expires_at: 1 };

/** A statement in a database's own words; `items`: how many a list has. */
type Statement = { name: string; sql: string; items?: number };

/** The SQL of every query; of a list, the longest and those of one and two items. */
export const everyQuery = (traits: SqlTraits): Statement[] => {
  const found: Statement[] = [];
  for (const [table, queries] of Object.entries(allQueries(traits))) {
    for (const [name, query] of Object.entries(queries)) {
      const label = `${table}.${name}`;
      if (typeof query === 'function') {
        const column = table === 'sessions' ? 'expires_at' : 'updated_at';
        found.push({ name: label, sql: query({ [column]: somePatch[column] }).sql });
      } else if (isList(query)) {
        const all = query.all();
        for (const [items, one] of [
          [1, all.at(-1)],
          [2, all.at(-2)],
          [64, all[0]],
        ] as const)
          if (one) found.push({ name: label, sql: one.sql, items });
      } else if (isSingle(query)) {
        found.push({ name: label, sql: query.sql });
      }
    }
  }
  return found;
};
