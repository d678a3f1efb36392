import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Soon } from '../engine.ts';
import { ServerFailure, translate } from './failure.ts';
import { ServerLease } from './lease.ts';
import type { ServerSession } from './session.ts';
import type { SessionPool } from './session-pool.ts';

/** How often a work runs at the most: after the first times, whoever conflicts with it has had every chance to end. */
const mostRuns = 8;
/** No run begins later than so long after the first. */
const maxRetryMs = 10_000;

type Outcome<Result> = { result: Result } | { error: unknown; again: boolean };

/** Runs a work in a transaction, again after a conflict. Durable when it resolves. @throws DomainError; what the work threw */
export async function runTransaction<Result>(
  pool: SessionPool,
  work: (connection: Connection) => Soon<Result>,
): Promise<Result> {
  const deadline = performance.now() + maxRetryMs;
  for (let run = 1; ; run += 1) {
    const outcome = await runOnce(pool, work);
    if ('result' in outcome) return outcome.result;
    if (!outcome.again || run === mostRuns || performance.now() > deadline) throw translate(outcome.error);
    // Those who met must not meet again: each waits a time of its own, longer each time.
    await pause(Math.random() * 4 * 2 ** run);
  }
}

async function runOnce<Result>(
  pool: SessionPool,
  work: (connection: Connection) => Soon<Result>,
): Promise<Outcome<Result>> {
  let session: ServerSession;
  try {
    session = await pool.acquire();
  } catch (error) {
    return { error, again: false };
  }
  try {
    return await runOn(session, work);
  } finally {
    pool.release(session);
  }
}

async function runOn<Result>(
  session: ServerSession,
  work: (connection: Connection) => Soon<Result>,
): Promise<Outcome<Result>> {
  const lease = new ServerLease(session);
  session.begin();
  let result: Result;
  try {
    result = await work(lease);
    // A work that went on after a failed statement would be told that it is stored, and the server has given it up.
    if (lease.failure) throw lease.failure;
  } catch (error) {
    lease.end();
    await undo(session);
    // After a first failure the server refuses every statement: that says nothing.
    const first = error instanceof ServerFailure ? lease.failure : error;
    return { error: first, again: mayRunAgain(lease.failure) };
  }
  lease.end();
  try {
    await session.commit();
    return { result };
  } catch (error) {
    session.destroy();
    // An answer that was lost may have been a yes: run again, the work would be done twice.
    return { error, again: isKind(error, 'conflict') };
  }
}

const mayRunAgain = (failure: unknown): boolean =>
  isKind(failure, 'conflict') || isKind(failure, 'lost') || isKind(failure, 'outdated');

const isKind = (error: unknown, kind: ServerFailure['kind']): boolean =>
  error instanceof ServerFailure && error.kind === kind;

async function undo(session: ServerSession): Promise<void> {
  try {
    if (session.isUsable) await session.rollback();
  } catch {
    // Without a connection the server undoes it by itself.
    session.destroy();
  }
}
