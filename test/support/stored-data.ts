import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { chosenDatabase } from './databases/chosen-database.ts';
import { openTestDatabase } from './databases/open-test-database.ts';

/** The address of the database in which a server with this data folder keeps everything. */
export async function databaseUrlOf(dataFolder: string): Promise<string> {
  const { DATABASE_URL } = await chosenDatabase(dataFolder);
  return DATABASE_URL ?? `sqlite:${join(dataFolder, 'parlance.db')}`;
}

/** Looks into the database of a server, past the server. */
export async function queryStored(dataFolder: string, sql: string): Promise<Record<string, unknown>[]> {
  const url = await databaseUrlOf(dataFolder);
  if (!url.startsWith('sqlite:')) return openTestDatabase(url).query(sql);
  const database = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true });
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

/** What SQLite says of its file while nobody has it open: `ok`, or what is broken. A server looks after its own files. */
export async function integrityOf(dataFolder: string): Promise<string> {
  if (!(await databaseUrlOf(dataFolder)).startsWith('sqlite:')) return 'ok';
  const rows = await queryStored(dataFolder, 'pragma integrity_check');
  return rows.map((row) => row['integrity_check']).join('; ');
}
