import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import type { SqlTraits } from '../engine.ts';
import { kyselyThatCompiles, type Flavour } from '../kysely-over.ts';
import { postgresMoving } from './moving.ts';

export const postgresFlavour: Flavour = {
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (database) => new PostgresIntrospector(database),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};

/** The weakest locks that do it: rows that refer to a locked one may still be inserted, and a locked one that is kept may be updated. */
export const postgresTraits: SqlTraits = {
  builder: kyselyThatCompiles(postgresFlavour),
  locks: { own: (query) => query.forNoKeyUpdate(), keep: (query) => query.forKeyShare() },
  overwriting: (key, column) =>
    sql`on conflict (${sql.join(key.map((name) => sql.ref(name)))}) do update set ${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  mergesUnions: true,
  ordersPastNull: false,
  moving: postgresMoving,
};
