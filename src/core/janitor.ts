import { collectFiles, collectLoose } from './attachments/collect-attachments.ts';
import type { CoreDependencies } from './dependencies.ts';
import { DomainError } from './errors.ts';
import type { Tables } from './store.ts';
import { utcDay } from './usage/utc-day.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Rows a transaction, so that tidying up delays nobody's words. */
const batch = 500;

type Purge = { keepMs: number; purge(tables: Tables, before: Date, limit: number): Promise<number> };

/** What is kept for a time only. Idempotency keys are promised for a day; the rest is room for devices that were away. */
const purges: readonly Purge[] = [
  { keepMs: 2 * dayMs, purge: (tables, before, limit) => tables.idempotencyKeys.purge(before, limit) },
  { keepMs: 3 * dayMs, purge: (tables, before, limit) => tables.usage.purge(utcDay(before), limit) },
  { keepMs: 14 * dayMs, purge: (tables, before, limit) => tables.feed.purge(before, limit) },
  { keepMs: 30 * dayMs, purge: (tables, before, limit) => tables.sessions.purge(before, limit) },
];

type Deps = Pick<CoreDependencies, 'store' | 'files' | 'clock' | 'log'>;

/** Forgets what has outlived its time, a batch a transaction, and files that no message carries. Returns how many went. */
async function tidyUp(deps: Deps): Promise<number> {
  const { store, clock } = deps;
  let total = await collectLoose(deps);
  for (const { keepMs, purge } of purges) {
    const before = new Date(clock().getTime() - keepMs);
    let gone: number;
    do {
      gone = await store.transaction((tables) => purge(tables, before, batch));
      total += gone;
    } while (gone === batch);
  }
  return total;
}

/** Tidies up every ten minutes until stopped, and looks for files of which nobody knows once a day. */
export function startJanitor(deps: Deps): { stop(): Promise<void> } {
  let round: Promise<unknown> | undefined;
  let sweptAt = 0;
  const tidy = async () => {
    await tidyUp(deps);
    const now = deps.clock().getTime();
    if (now - sweptAt < dayMs) return;
    sweptAt = now;
    await collectFiles(deps);
  };
  const timer = setInterval(() => {
    round ??= tidy()
      .catch((thrown: unknown) => {
        const error = DomainError.from(thrown);
        deps.log.warn({ code: error.code, err: error.cause }, 'could not tidy up');
      })
      .finally(() => (round = undefined));
  }, 10 * minuteMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
