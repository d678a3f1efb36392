import { dropFiles } from '../attachments/drop-files.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import type { Store } from '../store.ts';
import type { UserId } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'files' | 'clock' | 'fanout' | 'log'> & {
  writers: Pick<ReplyWriters, 'discard' | 'ofUser'>;
};

const pageSize = 50;
const wordsAtOnce = 500;

/**
 * Removes an account with all its chats and files. First its logins end and it is disabled, so that nothing can be added; then the chats go, a
 * transaction each, so that a large account delays nobody; then the account. Gone for good when it resolves.
 */
export async function removeUser(deps: Deps, { userId }: Actor): Promise<void> {
  const { store, clock, fanout, writers } = deps;
  const ended = await store.transaction(async ({ users, sessions }) => {
    const at = clock();
    await users.update(userId, { disabledAt: at }, at);
    return sessions.endAll(userId, null, at);
  });
  fanout.publishEnded(ended);
  for (const { reply } of writers.ofUser(userId)) writers.discard(reply);
  for (;;) {
    const chats = await store.chats.list(userId, { after: null, limit: pageSize });
    if (chats.length === 0) break;
    for (const { id } of chats) await store.transaction((tables) => tables.chats.delete(id));
  }
  await forgetWords(store, userId);
  const files = await store.transaction(async ({ attachments, users }) => {
    const removed = await attachments.removeOfUser(userId);
    await users.remove(userId);
    return removed;
  });
  // Whoever was writing them at that moment can write no more.
  await forgetWords(store, userId);
  await dropFiles(deps, files);
}

async function forgetWords(store: Store, userId: UserId): Promise<void> {
  let gone: number;
  do {
    gone = await store.transaction(({ search }) => search.forget(userId, wordsAtOnce));
  } while (gone > 0);
}
