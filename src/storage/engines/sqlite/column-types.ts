import { sql } from 'kysely';
import type { ColumnTypes } from '../../migrations/column-types.ts';

export const sqliteColumnTypes: ColumnTypes = {
  key: 'integer',
  countUp: (column) => column.autoIncrement(),
  reference: 'integer',
  integer: 'integer',
  millis: 'integer',
  flag: 'integer',
  text: () => 'text',
  longtext: 'text',
  endTable: (table, kind) => table.modifyEnd(kind === 'clustered' ? sql`strict, without rowid` : sql`strict`),
};
