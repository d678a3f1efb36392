import { createConnection } from 'mysql2/promise';
import { isLeftBehind, namePattern, newName } from './database-name.ts';
import type { DatabaseServer, TestDatabase } from './database-server.ts';

const variable = 'TEST_MYSQL_URL';
const serverUrl = process.env[variable] ?? 'mysql://root@127.0.0.1:3306/mysql';

export const mysqlServer: DatabaseServer = {
  name: 'mysql',
  variable,
  async isThere() {
    return query(serverUrl, 'select 1').then(
      () => true,
      () => false,
    );
  },
  async create() {
    const name = newName();
    await query(serverUrl, `create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const drop = async () => void (await query(serverUrl, `drop database ${name}`));
    return { ...mysqlDatabase(url.href), drop };
  },
  async sweep() {
    const rows = await query(
      serverUrl,
      `select schema_name as name from information_schema.schemata where schema_name like '${namePattern}'`,
    );
    for (const { name } of rows as { name: string }[])
      if (isLeftBehind(name)) await query(serverUrl, `drop database if exists ${name}`);
  },
};

export function mysqlDatabase(url: string): Omit<TestDatabase, 'drop'> {
  let tables: string[] | undefined;
  const tablesOf = async () => {
    const rows = await query(
      url,
      `select table_name as name from information_schema.tables where table_schema = database()`,
    );
    return rows.map(({ name }) => String(name));
  };
  return {
    url,
    query: (sql) => query(url, sql),
    async readsFor(sql, values) {
      const given = [...values];
      const literal = (value: string | number | null | undefined) =>
        typeof value === 'string' ? `'${value}'` : String(value);
      const asked = sql.replaceAll('?', () => literal(given.shift()));
      const counters = (await query(
        url,
        `flush status; ${asked}; show session status like 'Handler_read%'`,
      )) as unknown as { Value: string }[][];
      return (counters.at(-1) ?? []).reduce((sum, { Value }) => sum + Number(Value), 0);
    },
    async schema() {
      const names = (await tablesOf()).filter((name) => name !== 'migration_steps').toSorted();
      return Promise.all(names.map((name) => query(url, `show create table ${name}`)));
    },
    async empty() {
      tables ??= (await tablesOf()).filter((name) => name !== 'migrations');
      // Rows in any order: a truncate would make a new file for every table.
      await query(
        url,
        `set foreign_key_checks = 0; set autocommit = 0; ${tables.map((name) => `delete from ${name};`).join('')} commit`,
      );
    },
  };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({ uri: url, multipleStatements: true, connectTimeout: 2_000 });
  try {
    const [rows] = await connection.query(sql);
    return rows as unknown as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}
