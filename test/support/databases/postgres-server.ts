import pg, { type QueryResult } from 'pg';
import { isLeftBehind, namePattern, newName } from './database-name.ts';
import type { DatabaseServer, TestDatabase } from './database-server.ts';

const variable = 'TEST_POSTGRES_URL';
const serverUrl = process.env[variable] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export const postgresServer: DatabaseServer = {
  name: 'postgres',
  variable,
  async isThere() {
    return query(serverUrl, 'select 1').then(
      () => true,
      () => false,
    );
  },
  async create() {
    const name = newName();
    await query(serverUrl, `create database ${name} encoding 'UTF8' template template0`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const drop = async () => void (await query(serverUrl, `drop database ${name} with (force)`));
    return { ...postgresDatabase(url.href), drop };
  },
  async sweep() {
    const rows = await query(
      serverUrl,
      `select datname from pg_database where datname like '${namePattern}'`,
    );
    for (const { datname } of rows as { datname: string }[])
      if (isLeftBehind(datname)) await query(serverUrl, `drop database if exists ${datname} with (force)`);
  },
};

export function postgresDatabase(url: string): Omit<TestDatabase, 'drop'> {
  let tables: string[] | undefined;
  return {
    url,
    query: (sql) => query(url, sql),
    async readsFor(sql, values) {
      const given = values
        .map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
        .join(', ');
      const answers = (await query(
        url,
        `set plan_cache_mode = force_generic_plan; prepare q as ${sql};
         explain (analyze, buffers, format json) execute q${given === '' ? '' : `(${given})`}`,
      )) as unknown as { 'QUERY PLAN': { Plan: Record<string, number> }[] }[];
      const plan = answers[0]?.['QUERY PLAN'][0]?.Plan ?? {};
      return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
    },
    schema: () =>
      query(
        url,
        `select table_name as a, column_name as b, data_type as c, is_nullable || coalesce(column_default, '') as d
           from information_schema.columns where table_schema = 'public'
         union all select tablename, indexname, indexdef, '' from pg_indexes where schemaname = 'public'
         union all select conrelid::regclass::text, conname, pg_get_constraintdef(oid), '' from pg_constraint
           where connamespace = 'public'::regnamespace
         order by 1, 2, 3`,
      ),
    async empty() {
      tables ??= (
        (await query(url, `select tablename from pg_tables where schemaname = 'public'`)) as {
          tablename: string;
        }[]
      )
        .map(({ tablename }) => tablename)
        .filter((name) => name !== 'migrations');
      // Rows in any order: a truncate would make new files for every table.
      const deletes = tables.map((name) => `delete from ${name};`).join('');
      await query(url, `set session_replication_role = replica; set synchronous_commit = off; ${deletes}`);
    },
  };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const answers: QueryResult | QueryResult[] = await client.query(sql);
    // Of several statements the last one answers.
    const last = Array.isArray(answers) ? answers.at(-1) : answers;
    return (last?.rows ?? []) as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
