import { DomainError } from '../core/errors.ts';

export type WorkQueueLimits = {
  /** Jobs that run at the same time. */
  concurrency: number;
  /** Jobs that wait for one of them to end; more are refused. */
  maxQueue: number;
};

export type WorkQueue = <Result>(job: () => Promise<Result>) => Promise<Result>;

/** Runs jobs a few at a time, in the order they came. The queue throws `server-busy` when it is full, and has not begun the job. */
export function createWorkQueue({ concurrency, maxQueue }: WorkQueueLimits): WorkQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (job) => {
    if (running < concurrency) {
      running += 1;
    } else {
      if (waiting.length >= maxQueue) throw new DomainError('server-busy', { retryAfterSeconds: 1 });
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
}
