import type { Change, ChangeType, FeedEntry } from '../events.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { UserId } from '../users/user.ts';
import { indexUser } from './index-user.ts';
import { manyChanges } from './read-tail.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'log'>;

/** Keeps the index of words up to date, beside everything else. */
export type SearchIndexer = {
  /** Tells it what was committed; costs next to nothing. */
  note(entries: readonly FeedEntry[]): void;
  /** The index of a user is to be written soon. */
  wake(userId: UserId): void;
  start(): void;
  stop(): Promise<void>;
};

/** After these, words that were erased or replaced are still in the index. */
const erasing: ReadonlySet<ChangeType> = new Set<Change['type']>([
  'message-updated',
  'message-deleted',
  'chat-deleted',
  'chat-cleared',
]);
/** What is due waits so long, so that what comes together is written together. */
const delayMs = 500;
const roundMs = 10 * 60_000;
/** The feed is kept for fourteen days: whoever says little is indexed before it forgets. */
const mostAgeMs = 7 * 24 * 60 * 60_000;
const page = 500;
/** More users than so many are not counted for: a round finds them. */
const mostCounted = 100_000;

export function createSearchIndexer(deps: Deps): SearchIndexer {
  const counts = new Map<UserId, number>();
  const due = new Set<UserId>();
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rounds: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let life: AbortController | undefined;

  const isOver = () => life?.signal.aborted !== false;
  const work = async () => {
    for (const userId of due) {
      due.delete(userId);
      counts.delete(userId);
      await indexUser(deps, userId, life?.signal).catch((thrown: unknown) => warn(deps, thrown));
      if (isOver()) return;
    }
  };
  const soon = () => {
    if (isOver() || due.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      working ??= work().finally(() => {
        working = undefined;
        soon();
      });
    }, delayMs).unref();
  };
  const wake = (userId: UserId) => {
    due.add(userId);
    soon();
  };
  const round = async () => {
    for await (const userId of lagging(deps)) {
      if (isOver()) return;
      wake(userId);
    }
  };
  const goRound = () => {
    looking ??= round()
      .catch((thrown: unknown) => warn(deps, thrown))
      .finally(() => (looking = undefined));
  };
  return {
    wake,
    note(entries) {
      const userId = entries[0]?.userId;
      if (userId === undefined) return;
      const count = (counts.get(userId) ?? 0) + entries.length;
      if (counts.size < mostCounted || counts.has(userId)) counts.set(userId, count);
      if (count >= manyChanges || entries.some(({ change }) => erasing.has(change.type))) wake(userId);
    },
    start() {
      life = new AbortController();
      goRound();
      rounds = setInterval(goRound, roundMs).unref();
    },
    async stop() {
      life?.abort();
      clearInterval(rounds);
      clearTimeout(timer);
      await Promise.all([looking, working]);
    },
  };
}

/** Users whose index another process, or an earlier life of this one, has left behind. */
async function* lagging({ store, clock }: Deps): AsyncGenerator<UserId, void, void> {
  const old = clock().getTime() - mostAgeMs;
  for (let after: UserId | null = null; ;) {
    const lags = await store.search.lags({ after, limit: page });
    for (const { userId, behind, isBuilding, indexedAt } of lags) {
      const isOld = behind > 0 && (indexedAt?.getTime() ?? 0) < old;
      if (isBuilding || isOld || behind >= manyChanges) yield userId;
    }
    after = lags.at(-1)?.userId ?? after;
    if (lags.length < page) break;
  }
  yield* await store.search.usersWithFormers(page);
}

function warn({ log }: Deps, thrown: unknown): void {
  const error = DomainError.from(thrown);
  log.warn({ code: error.code, err: error.cause }, 'could not write the index of words');
}
