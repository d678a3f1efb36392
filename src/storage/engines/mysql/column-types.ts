import { sql } from 'kysely';
import type { ColumnTypes } from '../../migrations/column-types.ts';

/** Compares bytes, spaces at the end included; MySQL and MariaDB have different names for that. */
type Collation = 'utf8mb4_0900_bin' | 'utf8mb4_nopad_bin';

export const mysqlColumnTypes = (collation: Collation): ColumnTypes => ({
  key: 'bigint',
  countUp: (column) => column.autoIncrement(),
  reference: 'bigint',
  integer: 'integer',
  millis: 'bigint',
  flag: 'smallint',
  text: (length) => sql`varchar(${sql.lit(length)})`,
  longtext: sql`longtext`,
  endTable: (table) =>
    table.modifyEnd(sql`engine = InnoDB default character set utf8mb4 collate ${sql.raw(collation)}`),
});
