import type { Store } from '../store.ts';
import type { UserId } from '../users/user.ts';
import { planBuild } from './plan-build.ts';
import { planChanges } from './plan-changes.ts';
import { manyChanges } from './read-tail.ts';
import type { SearchMark, SearchTable, TermChange } from './search-table.ts';

type Deps = { store: Store; clock: () => Date };

/** What is to be written, and where the index stands then. */
export type IndexPlan = {
  changes: TermChange[];
  formerIds: number[];
  mark: Omit<SearchMark, 'version'>;
  /** There was no more to be read. What came meanwhile is few, and waits until it is many. */
  isLast: boolean;
};

/** Terms a transaction, so that the index delays nobody's words. */
const termsAtOnce = 256;
const formersAtOnce = 200;

/**
 * Writes what has changed of a user's words into the index, as far as it goes. Several processes may do so at once: one writes, the
 * others leave it. What breaks off, or is stopped by the signal, is done again, which changes nothing.
 */
export async function indexUser(deps: Deps, userId: UserId, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true) {
    const mark = await markOf(deps, userId);
    const plan = mark && (await planNext(deps.store, userId, mark));
    if (!plan || !(await write(deps, { userId, mark, plan })) || plan.isLast) return;
  }
}

/** The order of reading matters: a text that is read after its former ones is at least as new as what replaced them. */
async function planNext(store: Store, userId: UserId, mark: SearchMark): Promise<IndexPlan | undefined> {
  if (mark.built !== null) return planBuild(store.search, userId, { mark, built: mark.built });
  const formers = await store.search.formers(userId, formersAtOnce);
  const { messageIds, chatIds, ...touched } = await store.search.touched(userId, {
    after: mark.position,
    limit: manyChanges,
    oldest: true,
  });
  const isForgotten =
    touched.first === undefined
      ? mark.position < (await store.feed.position(userId))
      : touched.first !== mark.position + 1;
  // The feed is not kept for ever: who was away longer is indexed anew.
  if (isForgotten)
    return { changes: [], formerIds: [], mark: await fromTheBeginning(store, userId), isLast: false };
  if (touched.count === 0 && formers.length === 0) return undefined;
  const changes = await planChanges(store.search, userId, { messageIds, chatIds, formers });
  return {
    changes,
    formerIds: formers.map(({ id }) => id),
    mark: { position: touched.last ?? mark.position, built: null },
    isLast: touched.count < manyChanges && formers.length < formersAtOnce,
  };
}

async function markOf({ store, clock }: Deps, userId: UserId): Promise<SearchMark | undefined> {
  const known = await store.search.mark(userId);
  if (known || !(await store.users.find(userId))) return known;
  await store.search.begin(userId, await fromTheBeginning(store, userId), clock());
  return store.search.mark(userId);
}

/** What is changed from now on is in the feed; what is there already is read. */
const fromTheBeginning = async (store: Store, userId: UserId): Promise<Omit<SearchMark, 'version'>> => ({
  position: await store.feed.position(userId),
  built: { chatId: 0, messageId: 0 },
});

type Write = { userId: UserId; mark: SearchMark; plan: IndexPlan };

/** Some terms a transaction; the last one says that they are there. False where another process has written meanwhile. */
async function write({ store, clock }: Deps, { userId, mark, plan }: Write): Promise<boolean> {
  let { version } = mark;
  const inTurn = (work: (search: SearchTable) => Promise<void>): Promise<boolean> =>
    store.transaction(async ({ search }) => {
      if (!(await search.turn(userId, version))) return false;
      await work(search);
      return true;
    });
  for (let from = 0; from < plan.changes.length; from += termsAtOnce) {
    const some = plan.changes.slice(from, from + termsAtOnce);
    if (!(await inTurn((search) => search.apply(userId, some)))) return false;
    version += 1;
  }
  return inTurn(async (search) => {
    await search.dropFormers(plan.formerIds);
    await search.move(userId, plan.mark, clock());
  });
}
