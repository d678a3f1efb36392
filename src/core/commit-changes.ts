import { DomainError } from './errors.ts';
import type { Change, FeedEntry } from './events.ts';
import type { UntoldChanges } from './feed/untold-changes.ts';
import type { Fanout } from './ports.ts';
import type { SearchIndexer } from './search/search-indexer.ts';
import type { Store, Tables } from './store.ts';
import type { UserId } from './users/user.ts';

export type RecordChange = (change: Change) => void;

type Work<Result> = (tables: Tables, record: RecordChange) => Promise<Result>;

type CommitDependencies<Result> = {
  store: Store;
  fanout: Fanout;
  clock: () => Date;
  /** Called right after the commit, before the changes are told. */
  committed?: (result: Result) => void;
  /** Keeps the index of words. */
  indexer?: Pick<SearchIndexer, 'note'>;
  /** Tells later what the database did not answer to. */
  untold?: Pick<UntoldChanges, 'note'>;
};

/**
 * Runs `work` in one transaction and gives each change that it records the next place in the user's feed, in that transaction.
 * Resolves once all of it is durable and has been told to whoever listens. Writers of one user take turns.
 */
export async function commitChanges<Result>(
  deps: CommitDependencies<Result>,
  userId: UserId,
  work: Work<Result>,
): Promise<Result> {
  const { result, entries } = await storeChanges(deps, userId, work);
  deps.committed?.(result);
  deps.indexer?.note(entries);
  for (const entry of entries) deps.fanout.publish(userId, { type: 'change', ...entry });
  return result;
}

async function storeChanges<Result>(
  { store, clock, untold }: CommitDependencies<Result>,
  userId: UserId,
  work: Work<Result>,
): Promise<{ result: Result; entries: FeedEntry[] }> {
  let isWritten = false;
  try {
    return await store.transaction(async (tables) => {
      // Locked first: a transaction that writes a child row before its parent deadlocks on InnoDB.
      const position = await tables.feed.lock(userId);
      const changes: Change[] = [];
      const result = await work(tables, (change) => changes.push(change));
      const at = clock();
      const entries = changes.map((change, index): FeedEntry => ({
        userId,
        position: position + index + 1,
        at,
        change,
      }));
      if (entries.length > 0) await tables.feed.append(userId, entries);
      isWritten = entries.length > 0;
      return { result, entries };
    });
  } catch (error) {
    // Only the commit was left to do, and nobody knows whether it is done.
    if (isWritten && DomainError.from(error).code === 'storage-unavailable') untold?.note(userId);
    throw error;
  }
}
