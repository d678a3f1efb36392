import { DomainError } from '../core/errors.ts';

export type WorkQueueLimits = {
  /** Jobs that run at the same time. */
  concurrency: number;
  /** Jobs that wait for one of them to end; more are refused. */
  maxQueue: number;
  /** Jobs of one holder that run or wait; without it, as many as there is room for. */
  maxPerHolder?: number;
};

/** `holder`: whose job it is; nobody's counts for nobody. */
export type WorkQueue = <Result>(job: () => Promise<Result>, holder?: string) => Promise<Result>;

const busy = () => new DomainError('server-busy', { retryAfterSeconds: 1 });

/**
 * Runs jobs a few at a time, in the order they came. The queue throws `server-busy` when it is full, or its holder has enough in it, and
 * has not begun the job.
 */
export function createWorkQueue({
  concurrency,
  maxQueue,
  maxPerHolder = Number.POSITIVE_INFINITY,
}: WorkQueueLimits): WorkQueue {
  const waiting: (() => void)[] = [];
  const held = new Map<string, number>();
  let running = 0;

  const inTurn: WorkQueue = async (job) => {
    if (running < concurrency) {
      running += 1;
    } else {
      if (waiting.length >= maxQueue) throw busy();
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      // The place is handed over, not freed: nobody who comes now may take it first.
      if (next) next();
      else running -= 1;
    }
  };

  return async (job, holder) => {
    if (holder === undefined) return inTurn(job);
    const others = held.get(holder) ?? 0;
    if (others >= maxPerHolder) throw busy();
    held.set(holder, others + 1);
    try {
      return await inTurn(job);
    } finally {
      const left = (held.get(holder) ?? 1) - 1;
      if (left > 0) held.set(holder, left);
      else held.delete(holder);
    }
  };
}
