import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout'> & {
  writers: Pick<ReplyWriters, 'discard' | 'ofUser'>;
};

const pageSize = 50;

/**
 * Removes an account with all its chats. First its logins end and it is disabled, so that nothing can be added; then the chats go, a
 * transaction each, so that a large account delays nobody; then the account. Gone for good when it resolves.
 */
export async function removeUser({ store, clock, fanout, writers }: Deps, { userId }: Actor): Promise<void> {
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
  await store.transaction((tables) => tables.users.remove(userId));
}
