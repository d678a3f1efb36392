import {
  StorageError,
  type Connection,
  type Engine,
  type Reading,
  type SchemaChanges,
  type SqlTraits,
} from '../engine.ts';
import { ServerFailure, translate } from './failure.ts';
import { ServerLease } from './lease.ts';
import { ServerReader } from './reader.ts';
import type { ServerSession, SessionRole } from './session.ts';
import { SessionPool } from './session-pool.ts';
import { idleConnectionMs, poolWaitMs } from './timeouts.ts';
import { runTransaction } from './transactions.ts';

/** What is particular to one kind of database server. */
export type ServerKind<Session extends ServerSession> = SqlTraits &
  Pick<Engine, 'name'> & {
    /** Without password. */
    shown: string;
    open: (role: SessionRole) => Promise<Session>;
    /** Begins a transaction that reads one state of everything. */
    beginSnapshot: readonly string[];
    /** What is worth a sentence to the operator. */
    warnings: (session: Session) => Promise<string[]>;
    /** Runs `work` on a session of its own while no other process does. */
    migrate: <Result>(session: Session, work: (changes: SchemaChanges) => Promise<Result>) => Promise<Result>;
  };

/** A reader never waits for a writer's connection, nor a writer for a reader's: each has its share, at least one. */
const shares = (size: number): { read: number; write: number } => {
  const read = Math.max(1, Math.floor(size * 0.4));
  return { read, write: Math.max(1, size - read) };
};

/** An engine over the connections of a server. Nothing is connected before it is needed. */
export const createServerEngine = <Session extends ServerSession>(
  kind: ServerKind<Session>,
  poolSize: number,
): Engine => {
  const share = shares(poolSize);
  const poolOf = (role: 'read' | 'write') =>
    new SessionPool({
      open: () => kind.open(role),
      size: share[role],
      maxWaitMs: poolWaitMs,
      idleMs: idleConnectionMs,
    });
  const [readers, writers] = [poolOf('read'), poolOf('write')];
  const reader = new ServerReader(readers);
  const { builder, locks, overwriting, mergesUnions, ordersPastNull, moving, name } = kind;
  let closing: Promise<void> | undefined;
  return {
    name,
    builder,
    locks,
    overwriting,
    mergesUnions,
    ordersPastNull,
    moving,
    reader,
    write: (work) => runTransaction(writers, work),
    migrate: (work) => alone(kind, (session) => kind.migrate(session, work)),
    snapshot: (work) => alone(kind, (session) => readSnapshot(kind, session, work)),
    rewrite: (work) => alone(kind, (session) => rewrite(session, work)),
    warnings: () => alone(kind, (session) => kind.warnings(session)),
    ping: async () => void (await reader.one(ping, {})),
    close: () => {
      // Transactions that are under way may still have to be taken; who reads for them does so within.
      closing ??= writers.close().then(() => readers.close());
      return closing;
    },
  };
};

const ping = { sql: 'select 1', bind: () => [] };

const readSnapshot = async <Session extends ServerSession, Result>(
  { beginSnapshot }: ServerKind<Session>,
  session: Session,
  work: (reading: Reading) => Promise<Result>,
): Promise<Result> => {
  for (const statement of beginSnapshot) await session.once(statement);
  const lease = new ServerLease(session);
  try {
    return await work(lease);
  } finally {
    lease.end();
  }
};

// Never again after a failure: whoever asks for it may.
const rewrite = async <Result>(
  session: ServerSession,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
  await session.once('begin');
  const lease = new ServerLease(session);
  try {
    const result = await work(lease);
    if (lease.failure) throw lease.failure;
    await session.once('commit');
    return result;
  } catch (error) {
    if (session.isUsable) await session.once('rollback').catch(() => session.destroy());
    throw lease.failure ?? error;
  } finally {
    lease.end();
  }
};

/** Work on a connection that is in no pool. @throws StorageError when the server cannot be reached, in a sentence for the operator */
const alone = async <Session extends ServerSession, Result>(
  kind: ServerKind<Session>,
  work: (session: Session) => Promise<Result>,
): Promise<Result> => {
  let session: Session | undefined;
  try {
    session = await kind.open('migrate');
    return await work(session);
  } catch (error) {
    const failure = error instanceof ServerFailure && error.kind !== 'wrong' ? error : undefined;
    if (!failure) throw translate(error);
    throw new StorageError(`The database ${kind.shown} cannot be used: ${failure.message}`, { cause: error });
  } finally {
    await session?.close();
  }
};
