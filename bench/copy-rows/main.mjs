// node bench/copy-rows/main.mjs <SQLite file> <URL of a migrated database on a server> <tables between commas>
// Takes rows as they are into tables that have none, many at once. `parlance copy` does the same safely, with every row compared, and
// takes several minutes for what this does in one.
import { loadDriver } from '../../dist/storage/engines/sqlite/driver.js';
import { intoMysql } from './into-mysql.mjs';
import { intoPostgres } from './into-postgres.mjs';

const [file = '', url = '', tables = ''] = process.argv.slice(2);
const rowsAtOnce = 5_000;
const { DatabaseSync } = loadDriver();
const database = new DatabaseSync(file, { timeout: 10_000 });

/** In the order of the primary key, which both servers fill best. @param {string} table */
function* pagesOf(table) {
  const columns = /** @type {{ name: string, pk: number }[]} */ (
    database.prepare(`pragma table_info(${table})`).all()
  );
  const key = columns
    .filter(({ pk }) => pk > 0)
    .toSorted((one, other) => one.pk - other.pk)
    .map(({ name }) => name)
    .join(', ');
  const behind = database.prepare(
    `select * from ${table} where (${key}) > (${key.replaceAll(/\w+/g, '?')}) order by ${key} limit ${rowsAtOnce}`,
  );
  let rows = database.prepare(`select * from ${table} order by ${key} limit ${rowsAtOnce}`).all();
  while (rows.length > 0) {
    yield rows;
    const last = /** @type {Record<string, unknown>} */ (rows.at(-1));
    rows = behind.all(...key.split(', ').map((column) => last[column]));
  }
}

const target = await (url.startsWith('postgres:') ? intoPostgres : intoMysql)(url);
for (const table of tables.split(',')) await target.fill(table, pagesOf(table));
await target.close();
console.log('copied');
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
