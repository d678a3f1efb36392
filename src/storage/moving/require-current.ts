import { DomainError } from '../../core/errors.ts';
import { StorageError, type Engine, type Reading } from '../engines/engine.ts';
import { allMigrations } from '../migrations/all-migrations.ts';
import { prepared, type Named, type Query } from '../prepare.ts';

type Applied = { name: string; applied_at: number };

/** Makes sure that a database has the schema of this program, and writes nothing. Gives what it is told from others by. @throws StorageError */
export async function requireCurrent({ builder }: Engine, reading: Reading, shown: string): Promise<string> {
  const query = prepared<Named, Applied>(() => builder.selectFrom('migrations').selectAll().orderBy('name'));
  const applied = await readApplied(reading, query);
  if (applied.length === 0) throw new StorageError(`${shown} is not a database of Parlance`);
  const unknown = applied.find(({ name }) => !allMigrations.some((known) => known.name === name));
  if (unknown)
    throw new StorageError(
      `${shown} is newer than this Parlance, or a copy that has not ended (it has the migration ${unknown.name})`,
    );
  if (applied.length < allMigrations.length)
    throw new StorageError(`${shown} has an older schema: run "parlance migrate up" on it first`);
  return JSON.stringify(applied.map(({ name, applied_at }) => [name, applied_at]));
}

async function readApplied(reading: Reading, query: Query<Named, Applied>): Promise<Applied[]> {
  try {
    return await reading.all(query, {});
  } catch (error) {
    if (error instanceof DomainError) throw error;
    // The table is missing, which every engine says in other words.
    return [];
  }
}
