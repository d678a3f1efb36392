import type { Log } from '../core/ports.ts';
import type { Store } from '../core/store.ts';
import { StorageError, type Engine } from './engines/engine.ts';
import { openSqlite } from './engines/sqlite.ts';
import { createMigrations, type Migrations } from './migrate.ts';
import { createStore } from './store.ts';

export type Storage = Store & { migrations: Migrations };

export type OpenStorage = {
  /** `sqlite:` URL, or the path of an SQLite file. */
  url: string;
  log?: Log;
  clock?: () => Date;
  /** `migrate` (the default) brings the schema up to date first; `leave` is for the commands that look at migrations. */
  schema?: 'migrate' | 'leave';
};

/** Opens the database, ready for use. @throws StorageError with one sentence for the operator */
export const openStorage = async ({
  url,
  log,
  clock = () => new Date(),
  schema = 'migrate',
}: OpenStorage): Promise<Storage> => {
  const engine = openEngine(url);
  const migrations = createMigrations({ engine, clock, ...(log && { log }) });
  try {
    if (schema === 'migrate') await migrations.up();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { ...createStore(engine), migrations };
};

const openEngine = (url: string): Engine => {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'sqlite') return openSqlite(url);
  throw new StorageError(`There is no database engine for ${scheme}: URLs; use sqlite:`);
};
