import { keepSummary } from '../chats/keep-summary.ts';
import { requireChat } from '../chats/require-chat.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Tables } from '../store.ts';
import { commitClaims } from './commit-claims.ts';
import { insertReply, requireRoom } from './open-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import { isOpen, type Reply, type ReplyKey } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * Opens a new reply that writes on where one was stopped, interrupted or failed. Its log begins with the text that is there, so
 * that a reader of the new reply sees the whole message. @throws DomainError `reply-not-found`, `reply-not-continuable`, `reply-running`
 */
export async function continueReply(deps: Deps, actor: Actor, key: ReplyKey): Promise<Reply> {
  const { reply, text } = await commitClaims(deps, actor.userId, async (tables, record) => {
    const { old, message } = await requireBrokenOff(tables, actor, key);
    const open = await requireRoom(deps, tables, message);
    if (open.length > 0) throw new DomainError('reply-running');
    const last = await tables.messages.last(message.chatId);
    if (last?.id !== message.id) throw new DomainError('reply-not-latest');

    const at = deps.clock();
    const writing = { ...message, state: 'writing' as const, updatedAt: at };
    await tables.messages.update(message.id, { text: '', state: 'writing', at });
    // Counted again when it ends: a message being written is not counted.
    const found = await requireChat(tables, actor, message.chatId);
    // The AI would not be given a question that the notes stand for.
    const summary = keepSummary(found, old.answersId);
    const patch = { messageCount: Math.max(0, found.messageCount - 1), updatedAt: at, ...summary };
    await tables.chats.update(found.id, patch);
    const chat = { ...found, ...patch };
    const claim = await deps.writers.claim(tables, chat);
    const written = {
      chat,
      message: writing,
      answers: { id: old.answersId, uuid: old.answersUuid },
      claim,
      continues: message.text,
    };
    const reply = await insertReply(deps, { tables, record }, written);
    await tables.replies.append([{ replyId: reply.id, start: 0, text: message.text }]);
    return { reply, text: message.text };
  });
  deps.writers.start(reply, { text });
  return reply;
}

async function requireBrokenOff(tables: Tables, actor: Actor, key: ReplyKey) {
  const old = await tables.replies.find(actor.userId, key);
  if (!old) throw new DomainError('reply-not-found');
  if (isOpen(old)) throw new DomainError('reply-running');
  const message =
    old.messageId === null ? undefined : await tables.messages.find(actor.userId, old.messageId);
  const newestReply = message && (await tables.replies.findByMessage(message.id));
  if (!message || old.state === 'complete' || newestReply?.id !== old.id) {
    throw new DomainError('reply-not-continuable');
  }
  return { old, message };
}
