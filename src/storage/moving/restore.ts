import { chmodSync, copyFileSync, constants, existsSync } from 'node:fs';
import { StorageError, type Engine } from '../engines/engine.ts';
import { loadDriver } from '../engines/sqlite/driver.ts';
import { openSqlite } from '../engines/sqlite.ts';
import { createMigrations } from '../migrate.ts';
import { removeDatabase } from './back-up.ts';
import {
  compare,
  copyRows,
  countForPlans,
  countRows,
  raiseIds,
  type Moved,
  type MoveProgress,
} from './copying.ts';
import { openPlace, type Place } from './open-place.ts';
import { rowQueries } from './row-queries.ts';
import { writeRows } from './write-rows.ts';

type Restore = {
  to: Place;
  /** Whether users that are there may go. */
  replace: boolean;
  /** A file to work on, which is removed at the end: the backup itself stays as it is. */
  scratch: string;
  clock: () => Date;
  progress: MoveProgress;
};

/**
 * Puts a backup in the place of everything that a database holds, in one transaction that compares all of it first: what was there is
 * there until all of the backup is. Resolves with what every table holds. @throws StorageError
 */
export async function restore(backup: string, options: Restore): Promise<Moved[]> {
  const { to, replace, scratch, clock, progress } = options;
  if (!existsSync(backup)) throw new StorageError(`There is no file ${backup}`);
  removeDatabase(scratch);
  try {
    copyFileSync(backup, scratch, constants.COPYFILE_FICLONE);
    chmodSync(scratch, 0o600);
    requireWhole(scratch, backup);
    const source = openSqlite(scratch);
    try {
      await createMigrations({ engine: source, clock }).up();
      const target = await openPlace(to, { exists: false, alone: true });
      try {
        if (!replace) await requireNoUsers(target, clock, to.shown);
        await createMigrations({ engine: target, clock }).up();
        return await source.snapshot((reading) => putBack({ source, reading, target, progress }));
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  } finally {
    removeDatabase(scratch);
  }
}

async function putBack(copying: Parameters<typeof copyRows>[0]): Promise<Moved[]> {
  const { target } = copying;
  await countRows(copying);
  const moved = await target.rewrite(async (connection) => {
    for (const { removeAll } of rowQueries(target).toReversed()) await connection.run(removeAll, {});
    await copyRows(copying, {
      behind: () => null,
      store: (into, rows) => writeRows(connection, into, rows),
    });
    return compare(copying, connection, spoiled);
  });
  await raiseIds(copying);
  await countForPlans(target);
  return moved;
}

const spoiled = (table: string): StorageError =>
  new StorageError(`The ${table} could not be stored as they are in the backup: nothing was changed`);

async function requireNoUsers(target: Engine, clock: () => Date, shown: string): Promise<void> {
  const applied = await createMigrations({ engine: target, clock }).status();
  if (applied.every(({ appliedAt }) => appliedAt === null)) return;
  const users = rowQueries(target).find(({ name }) => name === 'users');
  if (users && (await target.reader.one(users.first, { limit: 1 })))
    throw new StorageError(
      `${shown} has users: say --replace to put the backup in the place of all its data`,
    );
}

/** An SQLite file that is whole, and Parlance's. */
function requireWhole(file: string, shown: string): void {
  const { DatabaseSync } = loadDriver();
  const database = new DatabaseSync(file, { timeout: 1_000 });
  try {
    const [found] = database.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
    if (found?.quick_check !== 'ok') throw new StorageError(`${shown} is damaged: ${found?.quick_check}`);
    database.prepare('select name from migrations').all();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(`${shown} is not a backup of Parlance`, { cause: error });
  } finally {
    database.close();
  }
}
