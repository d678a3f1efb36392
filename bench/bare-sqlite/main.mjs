// The fastest commits that SQLite gives on this disk: one row each, with the durability that the server promises.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadDriver } from '../../dist/storage/engines/sqlite/driver.js';

const [folder = '.', seconds = '3'] = process.argv.slice(2);
const { DatabaseSync } = loadDriver();
const database = new DatabaseSync(join(folder, 'bare.db'), { timeout: 100 });
for (const pragma of ['journal_mode = wal', 'synchronous = full', 'wal_autocheckpoint = 1000'])
  database.exec(`pragma ${pragma}`);
database.exec('create table rows (id integer primary key, uuid text not null, text text not null) strict');
const insert = database.prepare('insert into rows (uuid, text) values (?, ?)');
const text = 'What is a database, in one sentence?';

let commits = 0;
const startedAt = performance.now();
while (performance.now() - startedAt < Number(seconds) * 1_000) {
  database.exec('begin immediate');
  insert.run(randomUUID(), text);
  database.exec('commit');
  commits += 1;
}
console.log(`commits per second: ${(commits * 1_000) / (performance.now() - startedAt)}`);
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
