import { attachmentsAmong } from '../attachments/attachment-url.ts';
import { dropFiles } from '../attachments/drop-files.ts';
import { keepSummary } from '../chats/keep-summary.ts';
import { requireChat } from '../chats/require-chat.ts';
import { commitChanges, type RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Tables } from '../store.ts';
import { endWaiting } from '../replies/end-reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import { stopReply } from '../replies/stop-reply.ts';
import { findMessage } from './find-message.ts';
import { versionIds } from './list-versions.ts';
import type { Message, MessageKey } from './message.ts';
import { newest } from './newest.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * Erases the text of a message and its files, and hides it; the turns around it stay. One being written is stopped first, and an answer to it
 * that has not begun is stopped with it; one that has goes on. @throws DomainError `message-not-found`
 */
export async function deleteMessage(deps: Deps, actor: Actor, key: MessageKey): Promise<void> {
  const message = await findMessage(deps.store, actor, key);
  if (message.state === 'writing') {
    const reply = await deps.store.replies.findByMessage(message.id);
    if (reply) await stopReply(deps, actor, reply.id);
  }
  const files = await commitChanges(deps, actor.userId, async (tables, record) => {
    const current = await tables.messages.find(actor.userId, message.id);
    // Stopped before its first word, it is gone already, which is what was asked for.
    if (!current) return [];
    if (current.state === 'writing') throw new DomainError('reply-running', { retryAfterSeconds: 1 });
    const at = deps.clock();
    // Before the chat is read: what a reply had said already is counted with its end.
    await stopUnasked(tables, record, { question: current, at });
    const chat = await requireChat(tables, actor, message.chatId);
    await tables.messages.bury(message.id, at);
    await handOver(tables, current);
    const files = await tables.attachments.removeOfMessage(message.id);
    // What is not shown is not counted.
    if (current.activity === 'active') {
      const last = await tables.messages.last(chat.id);
      const messageCount = Math.max(0, chat.messageCount - 1);
      const patch = { messageCount, updatedAt: at, ...(await newest(tables, last)) };
      await tables.chats.update(chat.id, { ...patch, ...keepSummary(chat, current.id) });
    }
    record({
      type: 'message-deleted',
      messageId: message.id,
      messageUuid: message.uuid,
      chatId: chat.id,
      chatUuid: chat.uuid,
    });
    return files;
  });
  await dropFiles(deps, files);
}

/** Replies to a question that nobody has put to the AI yet would answer nothing. */
async function stopUnasked(
  tables: Tables,
  record: RecordChange,
  { question, at }: { question: Message; at: Date },
): Promise<void> {
  for (const reply of await tables.replies.openInChat(question.chatId)) {
    if (reply.state !== 'waiting' || reply.answersId !== question.id) continue;
    await endWaiting(tables, record, { reply, at });
  }
}

/** Files that other versions of the same turn name stay with those. */
async function handOver(tables: Tables, { imageUrl, mediaUrls, ...message }: Message): Promise<void> {
  if (attachmentsAmong([...mediaUrls, imageUrl ?? '']).length === 0) return;
  for (const id of await versionIds(tables, message)) {
    const other = await tables.messages.find(message.userId, id);
    const named = other ? attachmentsAmong([...other.mediaUrls, other.imageUrl ?? '']) : [];
    await tables.attachments.handOver(message.id, { to: id, uuids: named });
  }
}
