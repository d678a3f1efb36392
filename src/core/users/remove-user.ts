import { dropFiles } from '../attachments/drop-files.ts';
import type { ChatId } from '../chats/chat.ts';
import { deleteChat, type DeleteChatDependencies } from '../chats/delete-chat.ts';
import { DomainError, type ErrorCode } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import type { Tables } from '../store.ts';
import type { UserId } from './user.ts';

export type RemoveUserDependencies = DeleteChatDependencies & {
  writers: Pick<ReplyWriters, 'discard' | 'ofUser'>;
};

const pageSize = 50;
const wordsAtOnce = 500;

/**
 * Removes an account with all its chats and files. The chats go first, a transaction each, so that a large account delays nobody; the
 * logins and the account go last and together, so that a removal which breaks off can be asked for again. Gone for good when it resolves.
 */
export async function removeUser(deps: RemoveUserDependencies, actor: Actor): Promise<void> {
  const { store, clock, fanout, writers } = deps;
  const { userId } = actor;
  for (let wasFull = true; wasFull;) {
    const chats = await store.chats.list(userId, { after: null, limit: pageSize });
    for (const { id } of chats) await removeChat(deps, actor, id);
    wasFull = chats.length === pageSize;
  }
  while ((await store.transaction((tables) => forgetWords(tables, userId))) > 0);
  const { ended, files } = await store.transaction(async (tables) => {
    // Who would add something waits, and finds nobody; the little that was added meanwhile goes with the account.
    await tables.users.lock(userId);
    const ended = await tables.sessions.endAll(userId, null, clock());
    const files = await tables.attachments.removeOfUser(userId);
    await tables.users.remove(userId);
    // Whoever was writing them at that moment can write no more.
    while ((await forgetWords(tables, userId)) > 0);
    return { ended, files };
  });
  fanout.publishEnded(ended);
  for (const { reply } of writers.ofUser(userId)) writers.discard(reply);
  await dropFiles(deps, files);
}

const isGone: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['chat-not-found', 'user-not-found']);

async function removeChat(deps: RemoveUserDependencies, actor: Actor, id: ChatId): Promise<void> {
  try {
    await deleteChat(deps, actor, id);
  } catch (thrown) {
    // Another request removed it, which is what was asked for.
    if (!(thrown instanceof DomainError && isGone.has(thrown.code))) throw thrown;
  }
}

const forgetWords = ({ search }: Tables, userId: UserId): Promise<number> =>
  search.forget(userId, wordsAtOnce);
