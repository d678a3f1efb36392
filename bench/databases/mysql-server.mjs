import { createConnection } from 'mysql2/promise';
import { ConnectionCpu } from './connection-cpu.mjs';
import { isLeftBehind, namePattern, newName } from './database-name.mjs';

const variable = 'TEST_MYSQL_URL';
const serverUrl = process.env[variable] ?? 'mysql://root@127.0.0.1:3306/mysql';

/** @type {import('./database-server.mjs').DatabaseServer} */
export const mysqlServer = {
  kind: 'MySQL or MariaDB',
  variable,
  shown: new URL(serverUrl).host,
  async name() {
    const [{ version }] = await query('select version() as version');
    return String(version).includes('MariaDB') ? 'MariaDB' : 'MySQL';
  },
  async create() {
    const name = newName();
    await query(`create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const cpu = new ConnectionCpu(() => threadsOf(name));
    return {
      url: url.href,
      cpuMicros: () => cpu.micros(),
      drop: async () => void (await query(`drop database if exists ${name}`)),
    };
  },
  async sweep() {
    for (const { name } of await query(
      `select schema_name as name from information_schema.schemata where schema_name like '${namePattern}'`,
    ))
      if (isLeftBehind(name)) await query(`drop database if exists ${name}`);
  },
};

/** The threads of the operating system that work for connections to a database: each product keeps them elsewhere. @param {string} name */
async function threadsOf(name) {
  const asked =
    (await mysqlServer.name()) === 'MariaDB'
      ? `select tid from information_schema.processlist where db = '${name}'`
      : `select thread_os_id as tid from performance_schema.threads where processlist_db = '${name}'`;
  return (await query(asked)).map(({ tid }) => tid);
}

/** @param {string} sql @returns {Promise<any[]>} */
async function query(sql) {
  const connection = await createConnection({ uri: serverUrl, connectTimeout: 2_000 });
  try {
    const [rows] = await connection.query(sql);
    return /** @type {any[]} */ (rows);
  } finally {
    await connection.end();
  }
}
