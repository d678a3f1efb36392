import type { Log } from '../core/ports.ts';
import { StorageError, type Engine } from './engines/engine.ts';
import { allMigrations } from './migrations/all-migrations.ts';
import type { ColumnTypes, Migration } from './migrations/column-types.ts';
import { copyUnderWay } from './moving/copy-under-way.ts';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type MigrationStatus = { name: string; appliedAt: Date | null };

/** The schema's steps. All of them throw a StorageError when the database is newer than this program. */
export interface Migrations {
  /** Applies what is missing and says what it was. Of several processes one does it, the others wait. */
  up(): Promise<string[]>;
  /** Takes the newest step back, with the data that only it had, and says which; undefined when there is none. */
  down(): Promise<string | undefined>;
  status(): Promise<MigrationStatus[]>;
}

type MigrationsOptions = { engine: Engine; clock: () => Date; log?: Log; known?: readonly Migration[] };

export const createMigrations = ({
  engine,
  clock,
  log,
  known = allMigrations,
}: MigrationsOptions): Migrations => {
  return {
    up: () =>
      engine.migrate(async ({ database, types, make }) => {
        const applied = await appliedNames(database, types, known);
        const missing = known.filter(({ name }) => !applied.has(name));
        for (const migration of missing) {
          await make(
            migration.name,
            (step) => migration.up(step, types),
            (step) => record(step, migration.name, clock()),
          );
          log?.info({ migration: migration.name }, 'Migration applied');
        }
        return missing.map(({ name }) => name);
      }),
    down: () =>
      engine.migrate(async ({ database, types, make }) => {
        const applied = await appliedNames(database, types, known);
        const newest = known.findLast(({ name }) => applied.has(name));
        if (!newest) return undefined;
        await make(
          `${newest.name} down`,
          (step) => newest.down(step, types),
          async (step) =>
            void (await schemaOf(step).deleteFrom('migrations').where('name', '=', newest.name).execute()),
        );
        log?.info({ migration: newest.name }, 'Migration taken back');
        return newest.name;
      }),
    status: () =>
      engine.migrate(async ({ database, types }) => {
        const applied = await appliedNames(database, types, known);
        return known.map(({ name }) => ({ name, appliedAt: applied.get(name) ?? null }));
      }),
  };
};

// Migrations see a database without types: the schema as it was then is not the schema as it is now.
const schemaOf = (database: Kysely<never>) => database as unknown as Kysely<Schema>;

const record = async (database: Kysely<never>, name: string, at: Date): Promise<void> => {
  await schemaOf(database).insertInto('migrations').values({ name, applied_at: at.getTime() }).execute();
};

const appliedNames = async (
  database: Kysely<never>,
  types: ColumnTypes,
  known: readonly Migration[],
): Promise<Map<string, Date>> => {
  await types
    .endTable(
      database.schema
        .createTable('migrations')
        .ifNotExists()
        .addColumn('name', types.text(100), (column) => column.primaryKey().notNull())
        .addColumn('applied_at', types.millis, (column) => column.notNull()),
      'clustered',
    )
    .execute();
  const rows = await schemaOf(database).selectFrom('migrations').selectAll().execute();
  const unknown = rows.find(({ name }) => !known.some((migration) => migration.name === name));
  if (unknown?.name === copyUnderWay.name)
    throw new StorageError(
      'A copy into this database has begun and not ended: run the same "parlance copy" again, which goes on where it was',
    );
  if (unknown)
    throw new StorageError(
      `The database was made by a newer Parlance (it has the migration ${unknown.name}): start that version, or restore a backup from before it`,
    );
  return new Map(rows.map(({ name, applied_at }) => [name, new Date(applied_at)]));
};
