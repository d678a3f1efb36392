import type { Log } from '../core/ports.ts';
import type { Store } from '../core/store.ts';
import { StorageError, type Engine, type ServerOptions } from './engines/engine.ts';
import { openSqlite } from './engines/sqlite.ts';
import { createMigrations, type Migrations } from './migrate.ts';
import { createStore } from './store.ts';

export type Storage = Store & {
  migrations: Migrations;
  /** What of the server's settings endangers what was committed, in sentences for the operator. */
  warnings(): Promise<string[]>;
};

export type OpenStorage = Partial<ServerOptions> & {
  /** `sqlite:` URL, or the path of an SQLite file; `postgres:` or `mysql:` URL. */
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
  ...server
}: OpenStorage): Promise<Storage> => {
  const engine = await openEngine(url, server);
  const migrations = createMigrations({ engine, clock, ...(log && { log }) });
  try {
    if (schema === 'migrate') await migrations.up();
    for (const sentence of schema === 'migrate' ? await engine.warnings() : []) log?.warn({}, sentence);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { ...createStore(engine), migrations, warnings: () => engine.warnings() };
};

/**
 * The engine for an address; nothing is migrated. The drivers of servers are loaded when they are chosen: most installations have
 * SQLite, and start sooner without them. @throws StorageError
 */
export const openEngine = async (
  url: string,
  { poolSize = 10, statementTimeoutMs = 10_000 }: Partial<ServerOptions> = {},
): Promise<Engine> => {
  const options = { poolSize, statementTimeoutMs };
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'sqlite') return openSqlite(url);
  if (scheme === 'postgres') return (await import('./engines/postgres.ts')).openPostgres(url, options);
  if (scheme === 'mysql') return (await import('./engines/mysql.ts')).openMysql(url, options);
  throw new StorageError(`There is no database engine for ${scheme}: URLs; use sqlite:, postgres: or mysql:`);
};
