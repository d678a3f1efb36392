import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import type { SqlTraits } from '../engine.ts';
import { kyselyThatCompiles, type Flavour } from '../kysely-over.ts';
import { sqliteMoving } from './moving.ts';

export const sqliteFlavour: Flavour = {
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (database) => new SqliteIntrospector(database),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};

/** There is one writer at a time, so nothing has to be locked. */
export const sqliteTraits: SqlTraits = {
  builder: kyselyThatCompiles(sqliteFlavour),
  locks: { own: (query) => query, keep: (query) => query },
  overwriting: (key, column) =>
    sql`on conflict (${sql.join(key.map((name) => sql.ref(name)))}) do update set ${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  mergesUnions: true,
  ordersPastNull: true,
  moving: sqliteMoving,
};
