import { createHash } from 'node:crypto';
import type { Chat } from '../chats/chat.ts';
import { autoTitle } from '../chats/chat-title.ts';
import { requireChat } from '../chats/require-chat.ts';
import { commitChanges, type RecordChange } from '../commit-changes.ts';
import type { SendMessage, SentMessage } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { IdempotencyRecord, Tables } from '../store.ts';
import { openReply, requireRoom } from '../replies/open-reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import { firstCharacters } from '../unicode-text.ts';
import { uuidv7 } from '../uuidv7.ts';
import { checkIdempotencyKey, checkMessage } from './check-message.ts';
import type { Message, MessageUuid } from './message.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * Stores what the user said and opens the assistant's reply: both are durable when it resolves, so that a crash from here on loses
 * nothing. The same idempotency key and content give what the first call gave. @throws see `Messages.send` in `core.ts`
 */
export async function sendMessage(deps: Deps, actor: Actor, input: SendMessage): Promise<SentMessage> {
  const { text, imageUrl } = checkMessage(input, deps.limits);
  const key = checkIdempotencyKey(input.idempotencyKey);
  const contentHash = key === undefined ? '' : hashContent([input.chat, text, imageUrl]);

  const sent = await commitChanges(deps, actor.userId, async (tables, record) => {
    const first = key === undefined ? undefined : await tables.idempotencyKeys.find(actor.userId, key);
    if (first) return repeatAnswer(tables, actor, { first, contentHash });

    const chat = await requireChat(tables, actor, input.chat);
    const open = await requireRoom(deps, tables, { chatId: chat.id, userId: actor.userId });
    const message = await appendMessage(deps, { tables, record }, { chat, text, imageUrl });
    const reply = await openReply(deps, { tables, record }, { answers: message, open });
    if (key !== undefined) {
      const stored = { contentHash, messageId: message.id, replyId: reply.id };
      await tables.idempotencyKeys.insert(actor.userId, key, { ...stored, at: message.createdAt });
    }
    return { message, reply, duplicate: false };
  });

  // After the commit: a reply must never be written to a message that rolled back.
  if (!sent.duplicate && sent.reply.state === 'writing') deps.writers.start(sent.reply);
  return sent;
}

type Append = { chat: Chat; text: string; imageUrl: string | null };

async function appendMessage(
  deps: Deps,
  { tables, record }: { tables: Tables; record: RecordChange },
  { chat, text, imageUrl }: Append,
): Promise<Message> {
  const at = deps.clock();
  const parent = await tables.messages.last(chat.id);
  const message = await tables.messages.insert({
    uuid: uuidv7(at) as MessageUuid,
    chatId: chat.id,
    chatUuid: chat.uuid,
    userId: chat.userId,
    parentId: parent?.id ?? null,
    role: 'user',
    state: 'complete',
    text,
    imageUrl,
    at,
  });
  const title = chat.titled || chat.messageCount > 0 ? '' : autoTitle(text);
  const changed = {
    messageCount: chat.messageCount + 1,
    lastMessageAt: at,
    lastMessageText: firstCharacters(text, 200),
    updatedAt: at,
    ...(title === '' ? {} : { title, titled: true, revision: chat.revision + 1 }),
  };
  await tables.chats.update(chat.id, changed);
  record({ type: 'message-created', message });
  if (title !== '') record({ type: 'chat-updated', chat: { ...chat, ...changed } });
  return message;
}

async function repeatAnswer(
  tables: Tables,
  actor: Actor,
  { first, contentHash }: { first: IdempotencyRecord; contentHash: string },
): Promise<SentMessage> {
  if (first.contentHash !== contentHash) throw new DomainError('idempotency-key-reused');
  const message = await tables.messages.find(actor.userId, first.messageId);
  const reply = first.replyId === null ? undefined : await tables.replies.find(actor.userId, first.replyId);
  // It was sent, and deleted since: sending it again would bring back what the user removed.
  if (!message || !reply) throw new DomainError('message-not-found');
  return { message, reply, duplicate: true };
}

const hashContent = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
