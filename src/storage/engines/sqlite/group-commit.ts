import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Soon } from '../engine.ts';
import { isBusy, unavailable } from './errors.ts';
import type { SqliteHandle } from './handle.ts';
import { SqliteLease } from './lease.ts';

type Work = (connection: Connection) => Soon<unknown>;
type Job = {
  work: Work;
  /** Whether it runs outside of groups, and manages its transaction itself. */
  alone: boolean;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
};
type Outcome = { ok: true; result: unknown } | { ok: false; error: unknown };
type Started = {
  job: Job;
  outcome: Outcome;
  /** Whether it threw after it had written. */
  undo: boolean;
};

const maxWorks = 64;
const maxGroupMs = 5;
const maxBusyMs = 5_000;

const foreignWait =
  'The work of a transaction waited for something other than its tables (another transaction, a timer, the network)';

/**
 * Lets transactions share their commits. What arrives while a group is committed forms the next group; one that throws takes nothing
 * with it; and all are told only after the one commit is on disk.
 *
 * A work that throws has mostly written nothing, so that there is nothing to undo. Where it has, the whole group is rolled back and runs
 * again, then each with a savepoint: savepoints for all would make every work a tenth slower for the sake of a rare one.
 */
export class GroupCommit {
  readonly #writer: SqliteHandle;
  readonly #queue: Job[] = [];
  #running = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(writer: SqliteHandle) {
    this.#writer = writer;
  }

  transaction<Result>(work: (connection: Connection) => Soon<Result>): Promise<Result> {
    return this.#enqueue(work, false);
  }

  /** Runs a job while no group does; it may take its time and begins and commits by itself. */
  alone<Result>(job: () => Promise<Result>): Promise<Result> {
    return this.#enqueue(job, true);
  }

  /** Takes no more and resolves when everything taken has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #enqueue<Result>(work: (connection: Connection) => Soon<Result>, alone: boolean): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#closed) {
        reject(unavailable(new Error('The storage is closed')));
        return;
      }
      this.#queue.push({ work, alone, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      this.#schedule();
    });
  }

  // One turn of the event loop lets every request that has arrived join the group.
  #schedule(): void {
    setImmediate(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    const first = this.#queue[0];
    if (first?.alone === true) {
      this.#queue.shift();
      await Promise.resolve(first.work(new SqliteLease(this.#writer))).then(
        first.resolve as (r: unknown) => void,
        first.reject,
      );
    } else {
      await this.#group();
    }
    if (this.#queue.length > 0) {
      this.#schedule();
      return;
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #group(): Promise<void> {
    const started: Started[] = [];
    try {
      await this.#begin();
      await this.#fill(started);
      if (started.length > 1 && started.some(({ undo }) => undo)) {
        this.#writer.exec('rollback');
        await this.#begin();
        await this.#repeat(started);
      }
      if (!this.#writer.isTransaction) throw new Error('SQLite has rolled the transaction back');
      this.#writer.exec(started.some(({ undo }) => undo) ? 'rollback' : 'commit');
    } catch (error) {
      this.#rollBack();
      // Without a transaction nobody ran: the first waiting ones are told, so that a locked database does not hold them for ever.
      const jobs = started.length > 0 ? started.map(({ job }) => job) : this.#takeWaiting();
      for (const job of jobs) job.reject(unavailable(error));
      return;
    }
    for (const { job, outcome } of started) {
      if (outcome.ok) job.resolve(outcome.result as never);
      else job.reject(outcome.error);
    }
  }

  /** Runs works until the group is full, or one has to be undone. */
  async #fill(started: Started[]): Promise<void> {
    const startedAt = performance.now();
    const guard = new ForeignWaitGuard();
    try {
      while (started.length < maxWorks) {
        const job = this.#queue[0];
        if (!job || job.alone) return;
        this.#queue.shift();
        const entry = await this.#run(job, guard);
        started.push(entry);
        if (entry.undo || !this.#writer.isTransaction) return;
        if (performance.now() - startedAt > maxGroupMs) return;
      }
    } finally {
      guard.end();
    }
  }

  /** Runs a group again, each work within a savepoint. */
  async #repeat(started: Started[]): Promise<void> {
    const guard = new ForeignWaitGuard();
    try {
      for (const [index, { job }] of started.entries()) {
        this.#writer.exec('savepoint work');
        const entry = await this.#run(job, guard);
        started[index] = { ...entry, undo: false };
        if (!this.#writer.isTransaction) return;
        this.#writer.exec(entry.undo ? 'rollback to work; release work' : 'release work');
      }
    } finally {
      guard.end();
    }
  }

  async #run(job: Job, guard: ForeignWaitGuard): Promise<Started> {
    const lease = new SqliteLease(this.#writer);
    try {
      const result = await guard.watch(job.work(lease));
      return { job, outcome: { ok: true, result }, undo: false };
    } catch (error) {
      return { job, outcome: { ok: false, error }, undo: lease.wrote };
    } finally {
      lease.end();
    }
  }

  #takeWaiting(): Job[] {
    const end = this.#queue.findIndex(({ alone }) => alone);
    return this.#queue.splice(0, end === -1 ? maxWorks : Math.min(end, maxWorks));
  }

  /** Another process may be writing: waits for it without blocking this one. */
  async #begin(): Promise<void> {
    const deadline = performance.now() + maxBusyMs;
    for (;;) {
      try {
        this.#writer.exec('begin immediate');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        await pause(1 + Math.random() * 15);
      }
    }
  }

  #rollBack(): void {
    try {
      if (this.#writer.isTransaction) this.#writer.exec('rollback');
    } catch {
      // The next `begin` reports what is wrong with the database.
    }
  }
}

/**
 * Tables answer at once here, so a work that is not over when the event loop turns waits for something else. It holds up every
 * writer, and if it waits for another transaction it waits for ever: it fails.
 */
class ForeignWaitGuard {
  readonly #turn: NodeJS.Immediate;
  #fail: ((error: Error) => void) | undefined;

  constructor() {
    this.#turn = setImmediate(() => this.#fail?.(new Error(foreignWait)));
  }

  watch<Result>(result: Soon<Result>): Soon<Result> {
    if (!(result instanceof Promise)) return result;
    return new Promise<Result>((resolve, reject) => {
      this.#fail = reject;
      result.then(resolve, reject);
    });
  }

  end(): void {
    clearImmediate(this.#turn);
  }
}
