import { DomainError } from '../errors.ts';
import type { Log } from '../ports.ts';

/** So many are asked at the same time, and so many more wait; what comes then is dropped. */
const most = { asked: 2, waiting: 100 };

type Work = (signal: AbortSignal) => Promise<void>;

/** Questions to the AI that nobody waits for. They never reject: what fails is logged, and not tried again. */
export type BackgroundQuestions = {
  /** `what`: for the log, as in "a chat could not be named". */
  ask(what: string, work: Work): void;
  /** Aborts what is being asked and drops the rest; resolves when none is left. */
  stop(): Promise<void>;
};

export function createBackgroundQuestions({ log }: { log: Log }): BackgroundQuestions {
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  const waiting: (() => Promise<void>)[] = [];

  const next = () => {
    const start = running.size < most.asked ? waiting.shift() : undefined;
    if (!start) return;
    const done = start().finally(() => {
      running.delete(done);
      next();
    });
    running.add(done);
  };

  return {
    ask(what, work) {
      if (stopped.signal.aborted || waiting.length >= most.waiting) return;
      waiting.push(async () => {
        try {
          await work(stopped.signal);
        } catch (thrown) {
          if (stopped.signal.aborted) return;
          const error = DomainError.from(thrown);
          log.warn({ code: error.code, err: error.cause }, what);
        }
      });
      next();
    },
    async stop() {
      waiting.length = 0;
      stopped.abort();
      await Promise.all(running);
    },
  };
}
