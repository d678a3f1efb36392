import { requireChat } from '../chats/require-chat.ts';
import type { ChatKey } from '../chats/chat.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { MessageId } from './message.ts';

/**
 * The id up to which the shown branch of a chat stands still: every answer up to there has ended, so that none will be listed there
 * later. 0 where nothing does. Read it before the messages. @throws DomainError `chat-not-found`, `chat-not-yours`
 */
export async function settledUpTo(
  { store }: CoreDependencies,
  actor: Actor,
  key: ChatKey,
): Promise<MessageId> {
  const chat = await requireChat(store, actor, key);
  // Before the open replies: of what is sent while they are read, nothing is said.
  const newest = (await store.messages.lastId(chat.id)) ?? 0;
  const open = await store.replies.openInChat(chat.id);
  const before = open.map(({ messageId }) => (messageId ?? newest + 1) - 1);
  return Math.min(newest, ...before) as MessageId;
}
