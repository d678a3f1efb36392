import { sql } from 'kysely';
import type { ColumnTypes } from '../../migrations/column-types.ts';

// Bytes are compared, whatever the database sorts by: an upgrade of the system's collations must not spoil an index.
const text = sql`text collate "C"`;

export const postgresColumnTypes: ColumnTypes = {
  key: 'bigint',
  countUp: (column) => column.generatedByDefaultAsIdentity(),
  reference: 'bigint',
  integer: 'integer',
  millis: 'bigint',
  flag: 'smallint',
  text: () => text,
  longtext: text,
  endTable: (table) => table,
};
