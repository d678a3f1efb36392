import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '../engines/engine.ts';
import { loadDriver } from '../engines/sqlite/driver.ts';
import { openSqlite } from '../engines/sqlite.ts';
import { createMigrations } from '../migrate.ts';
import { compare, copyRows, countRows, raiseIds, type MoveProgress } from './copying.ts';
import { openPlace, type Place } from './open-place.ts';
import { requireCurrent } from './require-current.ts';
import { writeRows } from './write-rows.ts';

type BackUp = { from: Place & { file: string | undefined }; clock: () => Date; progress: MoveProgress };

/**
 * Writes one state of everything, while servers go on, into an SQLite file that nobody else can read. Where the name is, the whole backup is,
 * on the disk. @throws StorageError
 */
export async function backUp(file: string, { from, clock, progress }: BackUp): Promise<void> {
  if (existsSync(file)) throw new StorageError(`${file} is there already: name another file`);
  const part = `${file}.part`;
  removeDatabase(part);
  try {
    if (from.file === undefined) await dump(part, { from, clock, progress });
    else vacuumInto(from.file, part);
    if (existsSync(`${part}-wal`) && statSync(`${part}-wal`).size > 0)
      throw new StorageError(`${part} could not be closed: nothing is backed up`);
    chmodSync(part, 0o600);
    makeDurable(part);
    renameSync(part, file);
    makeDurable(dirname(file));
  } finally {
    removeDatabase(part);
  }
}

/** With what SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
}

const lockTimeoutMs = 10_000;

/** SQLite's own way: one state of the file, without its gaps, while others write. */
function vacuumInto(file: string, part: string): void {
  if (!existsSync(file)) throw new StorageError(`There is no file ${file}`);
  const { DatabaseSync } = loadDriver();
  const database = new DatabaseSync(file, { timeout: lockTimeoutMs });
  try {
    database.exec(`vacuum into '${part.replaceAll("'", "''")}'`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(`${file} cannot be backed up: ${reason}`, { cause: error });
  } finally {
    database.close();
  }
}

async function dump(part: string, { from, clock, progress }: BackUp): Promise<void> {
  const source = await openPlace(from, { exists: true, alone: false });
  try {
    const target = openSqlite(part);
    try {
      await source.snapshot(async (reading) => {
        await requireCurrent(source, reading, from.shown);
        await createMigrations({ engine: target, clock }).up();
        const copying = { source, reading, target, progress };
        await countRows(copying);
        await copyRows(copying, {
          behind: () => null,
          store: (into, rows) => target.write((connection) => writeRows(connection, into, rows)),
        });
        await target.snapshot((copied) => compare(copying, copied, spoiled));
        await raiseIds(copying);
      });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

const spoiled = (table: string): StorageError =>
  new StorageError(`The backup does not hold the ${table} as they were read: check the disk`);

function makeDurable(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
