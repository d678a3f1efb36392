import { dropFiles } from '../attachments/drop-files.ts';
import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import { settleReply } from '../replies/end-reply.ts';
import type { Reply } from '../replies/reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import { usageSoFar } from '../replies/usage-so-far.ts';
import type { Tables } from '../store.ts';
import type { Chat, ChatKey } from './chat.ts';
import { requireChat } from './require-chat.ts';

export type DeleteChatDependencies = Pick<
  CoreDependencies,
  'store' | 'files' | 'clock' | 'fanout' | 'log' | 'models' | 'prompt' | 'indexer'
> & {
  writers: Pick<ReplyWriters, 'discard'>;
};
type Deps = DeleteChatDependencies;

/** Removes a chat with everything in it; durable when it resolves. What was being written there is discarded. */
export async function deleteChat(deps: Deps, actor: Actor, key: ChatKey): Promise<void> {
  const { open, files } = await commitChanges(deps, actor.userId, async (tables, record) => {
    const chat = await requireChat(tables, actor, key);
    const open = await tables.replies.openInChat(chat.id);
    await settleOpen(deps, tables, open);
    const files = await tables.attachments.removeOfChat(actor.userId, chat.id);
    await tables.chats.delete(chat.id);
    record({ type: 'chat-deleted', chatId: chat.id, chatUuid: chat.uuid });
    return { open, files };
  });
  // After the commit: from here on a writer that goes on finds no row to write to, and one that is told stops sooner.
  for (const reply of open) deps.writers.discard(reply);
  await dropFiles(deps, files);
}

/** Removes every message of a chat and keeps the chat. */
export async function clearChat(deps: Deps, actor: Actor, key: ChatKey): Promise<Chat> {
  const { chat, open, files } = await commitChanges(deps, actor.userId, async (tables, record) => {
    const chat = await requireChat(tables, actor, key);
    const open = await tables.replies.openInChat(chat.id);
    await settleOpen(deps, tables, open);
    const files = await tables.attachments.removeOfChat(actor.userId, chat.id);
    await tables.messages.deleteAll(chat.id);
    const changed = {
      messageCount: 0,
      lastMessageAt: null,
      lastMessageText: '',
      summary: null,
      updatedAt: deps.clock(),
    };
    await tables.chats.update(chat.id, changed);
    record({ type: 'chat-cleared', chatId: chat.id, chatUuid: chat.uuid });
    return { chat: { ...chat, ...changed }, open, files };
  });
  for (const reply of open) deps.writers.discard(reply);
  await dropFiles(deps, files);
  return chat;
}

/** What is asked for and then removed was asked for all the same. */
async function settleOpen(deps: Deps, tables: Tables, open: readonly Reply[]): Promise<void> {
  for (const reply of open) {
    const text = await tables.replies.textFrom(reply.id, 0);
    const usage = await usageSoFar(deps, tables, { reply, text });
    await settleReply(tables, { ...reply, usage, endedAt: deps.clock() });
  }
}
