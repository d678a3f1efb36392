import pg from 'pg';
import { ConnectionCpu } from './connection-cpu.mjs';
import { isLeftBehind, namePattern, newName } from './database-name.mjs';

const variable = 'TEST_POSTGRES_URL';
const serverUrl = process.env[variable] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** @type {import('./database-server.mjs').DatabaseServer} */
export const postgresServer = {
  kind: 'PostgreSQL',
  variable,
  shown: new URL(serverUrl).host,
  async name() {
    await query('select 1');
    return 'PostgreSQL';
  },
  async create() {
    const name = newName();
    await query(`create database ${name} encoding 'UTF8' template template0`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    // A process for each connection.
    const cpu = new ConnectionCpu(async () =>
      (await query(`select pid from pg_stat_activity where datname = '${name}'`)).map(({ pid }) => pid),
    );
    return {
      url: url.href,
      cpuMicros: () => cpu.micros(),
      drop: async () => void (await query(`drop database if exists ${name} with (force)`)),
    };
  },
  async sweep() {
    for (const { datname } of await query(
      `select datname from pg_database where datname like '${namePattern}'`,
    ))
      if (isLeftBehind(datname)) await query(`drop database if exists ${datname} with (force)`);
  },
};

/** @param {string} sql */
async function query(sql) {
  const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
