import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { SearchIndexer } from '../search/search-indexer.ts';
import type { UserId } from '../users/user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'fanout' | 'log'> & { indexer: Pick<SearchIndexer, 'wake'> };

/** How often the database is asked what became of commits that it did not answer to. */
const askAgainMs = 200;

/** Changes that may be stored and of which nobody was told: the database went away during their commit. */
export type UntoldChanges = {
  /** A commit of a user's changes was not answered. Whoever listens is told how far the feed came, once the database answers. */
  note(userId: UserId): void;
  start(): void;
  stop(): Promise<void>;
};

export function createUntoldChanges({ store, fanout, log, indexer }: Deps): UntoldChanges {
  let users = new Set<UserId>();
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;

  const tell = async (userId: UserId) => {
    // Not only read: a commit that is still under way holds this place until it is done or undone.
    const position = await store.transaction(({ feed }) => feed.lock(userId));
    fanout.publish(userId, { type: 'moved', position });
    indexer.wake(userId);
  };
  const work = async () => {
    const asked = users;
    users = new Set();
    for (const userId of asked) {
      await tell(userId).catch((thrown: unknown) => {
        const error = DomainError.from(thrown);
        if (error.code === 'storage-unavailable') users.add(userId);
        else log.warn({ code: error.code, err: error.cause }, 'could not tell what a commit has changed');
      });
    }
  };
  const soon = () => {
    if (!isRunning || users.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      working ??= work().finally(() => {
        working = undefined;
        soon();
      });
    }, askAgainMs).unref();
  };
  return {
    note(userId) {
      users.add(userId);
      soon();
    },
    start() {
      isRunning = true;
      soon();
    },
    async stop() {
      isRunning = false;
      clearTimeout(timer);
      await working;
    },
  };
}
