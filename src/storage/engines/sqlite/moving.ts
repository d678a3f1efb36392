import type { MovingSql } from '../engine.ts';

export const sqliteMoving: MovingSql = {
  async highestId(reading, table) {
    const query = {
      sql: `select coalesce(max(seq), 0) as highest from sqlite_sequence where name = '${table}'`,
      bind: () => [],
    };
    return ((await reading.one(query, {})) as { highest: number }).highest;
  },
  raiseIds: (table, above) => [
    `insert into sqlite_sequence (name, seq)
       select '${table}', 0 where not exists (select 1 from sqlite_sequence where name = '${table}')`,
    `update sqlite_sequence set seq = ${above} where name = '${table}'`,
  ],
  // Its plans do not depend on what a table holds.
  countForPlans: () => [],
  countOthers: undefined,
};
