import { StorageError, type Engine, type SchemaChanges, type ServerOptions } from './engine.ts';
import { kyselyOver } from './kysely-over.ts';
import { postgresColumnTypes } from './postgres/column-types.ts';
import { openPostgresSession } from './postgres/session.ts';
import { postgresFlavour, postgresTraits } from './postgres/traits.ts';
import { serverAddress } from './server/address.ts';
import { createServerEngine } from './server/server-engine.ts';
import type { ServerSession } from './server/session.ts';

/** Any number that nobody else is likely to lock in this database. */
const migrationLock = 7_351_240_001;

/** Postgres 15 or later. Nothing is connected yet. @throws StorageError for an address that is none */
export const openPostgres = (url: string, options: ServerOptions): Engine => {
  const address = serverAddress(url, { port: 5432, user: 'postgres' });
  const { statementTimeoutMs } = options;
  return createServerEngine(
    {
      ...postgresTraits,
      name: 'postgres',
      shown: address.shown,
      open: (role) => openPostgresSession(address, { role, statementTimeoutMs }),
      beginSnapshot: ['begin transaction isolation level repeatable read, read only'],
      warnings,
      migrate,
    },
    options.poolSize,
  );
};

/** All of it in one transaction: what fails leaves nothing. */
const migrate = async <Result>(
  session: ServerSession,
  work: (changes: SchemaChanges) => Promise<Result>,
): Promise<Result> => {
  await requireUtf8(session);
  await session.once('begin');
  try {
    await session.once(`select pg_advisory_xact_lock(${migrationLock})`);
    const database = kyselyOver(postgresFlavour, (sql, parameters) => session.once(sql, parameters));
    const result = await work({
      database,
      types: postgresColumnTypes,
      make: async (_name, change, finish) => {
        await change(database);
        await finish(database);
      },
    });
    await session.once('commit');
    return result;
  } catch (error) {
    if (session.isUsable) await session.once('rollback');
    throw error;
  }
};

const requireUtf8 = async (session: ServerSession): Promise<void> => {
  const [row] = await session.once(`select current_setting('server_encoding') as encoding`);
  const { encoding } = row as { encoding: string };
  if (encoding !== 'UTF8')
    throw new StorageError(
      `The database is encoded in ${encoding}, which cannot hold every text: make one with "create database ... encoding 'UTF8' template template0"`,
    );
};

const warnings = async (session: ServerSession): Promise<string[]> => {
  const [row] = await session.once(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes`,
  );
  return Object.entries(row as Record<string, string>)
    .filter(([, value]) => value !== 'on')
    .map(
      ([name, value]) =>
        `Postgres runs with ${name} = ${value}: what was acknowledged can be lost when the machine loses power`,
    );
};
