import { requireChat } from '../chats/require-chat.ts';
import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { ChatPatch } from '../store.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import { stopReply } from '../replies/stop-reply.ts';
import { firstCharacters } from '../unicode-text.ts';
import { findMessage } from './find-message.ts';
import type { Message, MessageKey } from './message.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** Erases the text of a message and hides it; the turns around it stay. One being written is stopped first. @throws DomainError `message-not-found` */
export async function deleteMessage(deps: Deps, actor: Actor, key: MessageKey): Promise<void> {
  const message = await findMessage(deps.store, actor, key);
  if (message.state === 'writing') {
    const reply = await deps.store.replies.findByMessage(message.id);
    if (reply) await stopReply(deps, actor, reply.id);
  }
  await commitChanges(deps, actor.userId, async (tables, record) => {
    const current = await tables.messages.find(actor.userId, message.id);
    // Stopped before its first word, it is gone already, which is what was asked for.
    if (!current) return;
    if (current.state === 'writing') throw new DomainError('reply-running', { retryAfterSeconds: 1 });
    const chat = await requireChat(tables, actor, message.chatId);
    const at = deps.clock();
    await tables.messages.bury(message.id, at);
    await tables.attachments.detach(message.id);
    const last = await tables.messages.last(chat.id);
    const patch = { messageCount: Math.max(0, chat.messageCount - 1), updatedAt: at, ...newest(last) };
    await tables.chats.update(chat.id, patch);
    record({
      type: 'message-deleted',
      messageId: message.id,
      messageUuid: message.uuid,
      chatId: chat.id,
      chatUuid: chat.uuid,
    });
  });
}

/** What a chat says of its newest message. */
export const newest = (last: Message | undefined): ChatPatch => ({
  lastMessageAt: last?.createdAt ?? null,
  lastMessageText: firstCharacters(last?.text ?? '', 200),
});
