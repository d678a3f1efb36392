import type { MovingSql } from '../engine.ts';

const counterOf = (table: string): string => `pg_get_serial_sequence('${table}', 'id')::regclass`;

export const postgresMoving: MovingSql = {
  async highestId(reading, table) {
    const query = {
      sql: `select coalesce(pg_sequence_last_value(${counterOf(table)}), 0) as highest`,
      bind: () => [],
    };
    return ((await reading.one(query, {})) as { highest: number }).highest;
  },
  raiseIds: (table, above) => [`select setval(${counterOf(table)}, ${above})`],
  countForPlans: (table) => [`analyze ${table}`],
  countOthers: `select count(*) as others from pg_stat_activity
    where datname = current_database() and application_name = 'parlance' and pid <> pg_backend_pid()`,
};
