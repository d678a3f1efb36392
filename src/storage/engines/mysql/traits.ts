import { MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, sql } from 'kysely';
import type { SqlTraits } from '../engine.ts';
import { kyselyThatCompiles, type Flavour } from '../kysely-over.ts';
import { mysqlMoving } from './moving.ts';

export const mysqlFlavour: Flavour = {
  createAdapter: () => new MysqlAdapter(),
  createIntrospector: (database) => new MysqlIntrospector(database),
  createQueryCompiler: () => new MysqlQueryCompiler(),
};

export const mysqlTraits: SqlTraits = {
  builder: kyselyThatCompiles(mysqlFlavour),
  locks: {
    own: (query) => query.forUpdate(),
    // MariaDB does not know MySQL's newer `for share`.
    keep: (query) => query.modifyEnd(sql`lock in share mode`),
  },
  // MariaDB does not know MySQL's newer name for the row that was given.
  overwriting: (_key, column) => sql`on duplicate key update ${sql.ref(column)} = values(${sql.ref(column)})`,
  mergesUnions: false,
  ordersPastNull: true,
  moving: mysqlMoving,
};
