import type { Change, FeedEntry } from './events.ts';
import type { Fanout } from './ports.ts';
import type { SearchIndexer } from './search/search-indexer.ts';
import type { Store, Tables } from './store.ts';
import type { UserId } from './users/user.ts';

export type RecordChange = (change: Change) => void;

type CommitDependencies<Result> = {
  store: Store;
  fanout: Fanout;
  clock: () => Date;
  /** Called right after the commit, before the changes are told. */
  committed?: (result: Result) => void;
  /** Keeps the index of words. */
  indexer?: Pick<SearchIndexer, 'note'>;
};

/**
 * Runs `work` in one transaction and gives each change that it records the next place in the user's feed, in that transaction.
 * Resolves once all of it is durable and has been told to whoever listens. Writers of one user take turns.
 */
export async function commitChanges<Result>(
  { store, fanout, clock, committed, indexer }: CommitDependencies<Result>,
  userId: UserId,
  work: (tables: Tables, record: RecordChange) => Promise<Result>,
): Promise<Result> {
  const { result, entries } = await store.transaction(async (tables) => {
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
    return { result, entries };
  });
  committed?.(result);
  indexer?.note(entries);
  for (const entry of entries) fanout.publish(userId, { type: 'change', ...entry });
  return result;
}
