import { StorageError, type Engine } from '../engines/engine.ts';
import { createMigrations } from '../migrate.ts';
import { allMigrations } from '../migrations/all-migrations.ts';
import { CopyProgress, copyUnderWay } from './copy-under-way.ts';
import {
  compare,
  copyRows,
  countForPlans,
  countRows,
  raiseIds,
  type Moved,
  type MoveProgress,
} from './copying.ts';
import type { MovedTable } from './moved-tables.ts';
import { openPlace, type Place } from './open-place.ts';
import { requireCurrent } from './require-current.ts';
import { rowQueries } from './row-queries.ts';
import { writeRows } from './write-rows.ts';

type CopyOptions = { from: Place; to: Place; clock: () => Date; progress: MoveProgress };

/**
 * Copies everything into an empty database, or goes on with a copy into it that broke off. Until all of it is there and is compared,
 * no server starts on the target. Resolves with what every table holds.
 * @throws StorageError for a database that others are connected to, a target that is not empty, a source that changed meanwhile
 */
export async function copyDatabase({ from, to, clock, progress }: CopyOptions): Promise<Moved[]> {
  if (from.url === to.url) throw new StorageError('The source and the target are the same database');
  const source = await openPlace(from, { exists: true, alone: true });
  try {
    const target = await openPlace(to, { exists: false, alone: true });
    try {
      return await source.snapshot(async (reading) => {
        const identity = await requireCurrent(source, reading, from.shown);
        const copy = { source, reading, target, progress };
        const done = await begin(target, { identity, shown: to.shown, clock });
        await countRows(copy);
        await copyRows(copy, {
          behind: (table) => done.lastOf(table),
          store: (into, rows) =>
            target.write(async (connection) => {
              await writeRows(connection, into, rows);
              await done.note(connection, into, rows);
            }),
        });
        const sums = await target.snapshot((copied) =>
          compare(copy, copied, (table) => differs(from, to, table)),
        );
        await raiseIds(copy);
        await countForPlans(target);
        await migrationsOf(target, clock).down();
        return sums;
      });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

const migrationsOf = (engine: Engine, clock: () => Date) =>
  createMigrations({ engine, clock, known: [...allMigrations, copyUnderWay] });

type Begin = { identity: string; shown: string; clock: () => Date };

async function begin(target: Engine, { identity, shown, clock }: Begin): Promise<CopyProgress> {
  const migrations = migrationsOf(target, clock);
  const applied = (await migrations.status()).filter(({ appliedAt }) => appliedAt !== null);
  const hasBegun = applied.some(({ name }) => name === copyUnderWay.name);
  // Nothing of a database that somebody uses is to change, its schema least of all.
  if (!hasBegun && applied.length > 0) await requireEmpty(target, shown, ['users']);
  await migrations.up();
  const done = new CopyProgress(target.builder);
  const known = await done.read(target.reader);
  if (known === identity) return done;
  if (known !== undefined)
    throw new StorageError(
      `A copy of another database into ${shown} has begun and not ended: go on with that one, or empty the target`,
    );
  try {
    await requireEmpty(target, shown);
  } catch (error) {
    await migrations.down();
    throw error;
  }
  await target.write((connection) => done.begin(connection, identity));
  return done;
}

async function requireEmpty(target: Engine, shown: string, names?: readonly string[]): Promise<void> {
  for (const { name, first } of rowQueries(target)) {
    if (names && !names.includes(name)) continue;
    if (await target.reader.one(first, { limit: 1 }))
      throw new StorageError(`${shown} is not empty (it has ${name}): name an empty database`);
  }
}

const differs = (from: Place, to: Place, table: MovedTable): StorageError =>
  new StorageError(
    `${to.shown} does not hold the ${table} of ${from.shown}, which have changed since the copy was begun: empty the target and copy again, with every server stopped`,
  );
