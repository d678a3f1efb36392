import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StorageError, type Connection, type Engine, type Reading, type SchemaChanges } from './engine.ts';
import { kyselyOver } from './kysely-over.ts';
import { sqliteColumnTypes } from './sqlite/column-types.ts';
import { loadDriver } from './sqlite/driver.ts';
import { diskTrouble, isBusy } from './sqlite/errors.ts';
import { GroupCommit } from './sqlite/group-commit.ts';
import { SqliteHandle } from './sqlite/handle.ts';
import { SqliteLease } from './sqlite/lease.ts';
import { sqliteFile } from './sqlite/location.ts';
import { SqliteReader } from './sqlite/reader.ts';
import { sqliteFlavour, sqliteTraits } from './sqlite/traits.ts';

/** How long opening may block while another process opens, recovers or closes the same file. */
const openTimeoutMs = 1_000;
/** How long a call may block this process while another one holds a lock; longer waits are asynchronous. */
const busyTimeoutMs = 5;

// `synchronous=FULL` is what makes an acknowledgement true after a power loss: in WAL mode, NORMAL loses the last commits.
const pragmas = [
  'journal_mode = wal',
  'synchronous = full',
  'foreign_keys = on',
  'temp_store = memory',
  'cache_size = -32768',
  // 16 MiB: pages that many transactions touch are merged into the file once instead of four times.
  'wal_autocheckpoint = 4000',
  'journal_size_limit = 67108864',
  `busy_timeout = ${busyTimeoutMs}`,
];

const openHandle = (file: string): SqliteHandle => {
  const { DatabaseSync } = loadDriver();
  const handle = new SqliteHandle(new DatabaseSync(file, { timeout: openTimeoutMs }));
  for (const pragma of pragmas) handle.exec(`pragma ${pragma}`);
  return handle;
};

/** Opens the file, and makes it and its folder where they are missing. @throws StorageError */
export const openSqlite = (url: string): Engine => {
  const file = sqliteFile(url);
  const { writer, reader } = openBoth(file);
  const groups = new GroupCommit(writer);
  const reading = new SqliteReader(writer, reader);
  let closing: Promise<void> | undefined;
  return {
    ...sqliteTraits,
    name: 'sqlite',
    reader: reading,
    write: (work) => groups.transaction(work),
    migrate: (work) => groups.alone(() => migrate({ writer, file }, work)),
    snapshot: (work) => readSnapshot(file, work),
    rewrite: (work) => groups.alone(() => rewrite(writer, work)),
    warnings: async () => [],
    ping: async () => void (await reading.one(ping, {})),
    close: () => {
      closing ??= groups.close().then(() => {
        reader.close();
        // SQLite does it at the last close, but not while a statement waits for the garbage collector.
        try {
          writer.once('pragma wal_checkpoint(truncate)');
        } catch {
          // The disk takes no more. Everything is committed to the write-ahead log, which the next to open it merges.
        } finally {
          writer.close();
        }
      });
      return closing;
    },
  };
};

const readSnapshot = async <Result>(
  file: string,
  work: (reading: Reading) => Promise<Result>,
): Promise<Result> => {
  const handle = openHandle(file);
  try {
    handle.exec('pragma query_only = on; begin');
    return await work(handle);
  } finally {
    // Compiled statements keep what is closed until the garbage collector has come by: at least it holds up no checkpoint.
    handle.exec('rollback');
    handle.close();
  }
};

const rewrite = async <Result>(
  writer: SqliteHandle,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
  await beginAlone(writer);
  const lease = new SqliteLease(writer);
  try {
    const result = await work(lease);
    writer.exec('commit');
    return result;
  } catch (error) {
    if (writer.isTransaction) writer.exec('rollback');
    throw error;
  } finally {
    lease.end();
  }
};

const ping = { sql: 'select 1', bind: () => [] };

const openBoth = (file: string): { writer: SqliteHandle; reader: SqliteHandle } => {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const writer = openHandle(file);
    const reader = openHandle(file);
    reader.exec('pragma query_only = on');
    return { writer, reader };
  } catch (error) {
    throw new StorageError(sentenceFor(file, error), { cause: error });
  }
};

// `foreign_keys` cannot change inside a transaction, and with them on, remaking a table would delete what refers to it.
const migrate = async <Result>(
  { writer, file }: { writer: SqliteHandle; file: string },
  work: (changes: SchemaChanges) => Promise<Result>,
): Promise<Result> => {
  writer.exec('pragma foreign_keys = off');
  try {
    await beginAlone(writer);
    const database = kyselyOver(sqliteFlavour, async (sql, parameters) => writer.once(sql, parameters));
    const result = await work({
      database,
      types: sqliteColumnTypes,
      make: async (_name, change, finish) => {
        await change(database);
        await finish(database);
      },
    });
    const [orphan] = writer.once('pragma foreign_key_check');
    if (orphan)
      throw new Error(`The migration would leave rows that refer to nothing: ${JSON.stringify(orphan)}`);
    writer.exec('commit');
    return result;
  } catch (error) {
    if (writer.isTransaction) writer.exec('rollback');
    const isExplained = isBusy(error) || diskTrouble(error) !== undefined;
    throw isExplained ? new StorageError(sentenceFor(file, error), { cause: error }) : error;
  } finally {
    writer.exec('pragma foreign_keys = on');
  }
};

const maxWaitMs = 30_000;

/** Waits while another process writes. */
const beginAlone = async (writer: SqliteHandle): Promise<void> => {
  const deadline = performance.now() + maxWaitMs;
  for (;;) {
    try {
      writer.exec('begin immediate');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await pause(5 + Math.random() * 20);
    }
  }
};

const sentenceFor = (file: string, error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error);
  if (isBusy(error)) return `The database ${file} is locked by another program; close it and start again`;
  if (/not a database|malformed/.test(reason))
    return `${file} is not an SQLite database, or it is damaged; move it away or restore a backup`;
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST/.test(reason))
    return `The database ${file} cannot be opened for writing; check that its folder exists and belongs to this user`;
  const trouble = diskTrouble(error);
  if (trouble !== undefined) return `The database ${file} ${trouble}`;
  return `The database ${file} cannot be opened: ${reason}`;
};
