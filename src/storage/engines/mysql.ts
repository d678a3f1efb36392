import { StorageError, type Engine, type SchemaChanges, type ServerOptions } from './engine.ts';
import { mysqlColumnTypes } from './mysql/column-types.ts';
import { SchemaSteps } from './mysql/schema-steps.ts';
import { openMysqlSession, type MysqlSession } from './mysql/session.ts';
import { mysqlTraits } from './mysql/traits.ts';
import { serverAddress } from './server/address.ts';
import { createServerEngine } from './server/server-engine.ts';
import { migrationWaitMs } from './server/timeouts.ts';

/** MySQL 8, or MariaDB 10.11 or later. Nothing is connected yet. @throws StorageError for an address that is none */
export const openMysql = (url: string, options: ServerOptions): Engine => {
  const address = serverAddress(url, { port: 3306, user: 'root' });
  const { statementTimeoutMs } = options;
  return createServerEngine(
    {
      ...mysqlTraits,
      name: 'mysql',
      shown: address.shown,
      open: (role) => openMysqlSession(address, { role, statementTimeoutMs }),
      beginSnapshot: [
        'set session transaction isolation level repeatable read',
        'start transaction with consistent snapshot, read only',
      ],
      warnings,
      migrate,
    },
    options.poolSize,
  );
};

/** A lock of the server, by the name of the database: a change of the schema ends every transaction. */
const lockName = `concat('parlance ', md5(database()))`;

const migrate = async <Result>(
  session: MysqlSession,
  work: (changes: SchemaChanges) => Promise<Result>,
): Promise<Result> => {
  const [row] = await session.once(`select get_lock(${lockName}, ${migrationWaitMs / 1_000}) as locked`);
  if ((row as { locked: number | null }).locked !== 1)
    throw new StorageError('Another process is changing the database; start again when it is done');
  const collation = (await session.isMariaDb()) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return work(new SchemaSteps(session, mysqlColumnTypes(collation)));
};

/** What a durable server answers. The log for replicas matters where there is one. */
const durable: Readonly<Record<string, string>> = {
  innodb_flush_log_at_trx_commit: '1',
  innodb_doublewrite: 'ON',
  sync_binlog: '1',
};

const warnings = async (session: MysqlSession): Promise<string[]> => {
  const rows = await session.once(
    `show global variables where variable_name in ('log_bin', '${Object.keys(durable).join("', '")}')`,
  );
  const found = new Map(
    (rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, row.Value]),
  );
  const matters = (name: string) => name !== 'sync_binlog' || found.get('log_bin') === 'ON';
  return Object.entries(durable)
    .filter(([name, value]) => matters(name) && (found.get(name) ?? value) !== value)
    .map(
      ([name]) =>
        `The database server runs with ${name} = ${found.get(name)}: what was acknowledged can be lost when the machine loses power`,
    );
};
