import type { MovingSql } from '../engine.ts';

export const mysqlMoving: MovingSql = {
  // `information_schema` has the number as well, but MySQL answers from yesterday's statistics.
  async highestId(reading, table) {
    const query = { sql: `show create table ${table}`, bind: () => [] };
    const row = (await reading.one(query, {})) as { 'Create Table': string };
    return Number(/ AUTO_INCREMENT=(\d+)/.exec(row['Create Table'])?.[1] ?? 1) - 1;
  },
  // It never goes below what is there.
  raiseIds: (table, above) => [`alter table ${table} auto_increment = ${above + 1}`],
  countForPlans: (table) => [`analyze table ${table}`],
  // Programs do not say here which they are.
  countOthers: `select count(*) as others from information_schema.processlist
    where db = database() and id <> connection_id()`,
};
