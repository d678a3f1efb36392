import type { RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Message, MessageUuid } from '../messages/message.ts';
import type { ReplyClaim, Tables } from '../store.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply, ReplyUuid } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** Refuses what would let one user's replies pile up without bound. @throws DomainError `server-stopping`, `too-many-waiting` */
export async function requireRoom(
  { limits, writers }: Deps,
  tables: Tables,
  message: Pick<Message, 'chatId' | 'userId'>,
): Promise<Reply[]> {
  if (writers.stopping) throw new DomainError('server-stopping', { retryAfterSeconds: 2 });
  const open = await tables.replies.openInChat(message.chatId);
  const full =
    open.length > limits.waitingRepliesPerChat ||
    (await tables.replies.countOpen(message.userId)) >= limits.openRepliesPerUser;
  if (full) throw new DomainError('too-many-waiting', { retryAfterSeconds: 2 });
  return open;
}

/**
 * Opens a reply to a user's message, in the caller's transaction: written at once where the chat is free, else after those before
 * it. Its own message is made here, so that a chat's order is the order in which it was asked.
 */
export async function openReply(
  { clock, writers }: Deps,
  { tables, record }: { tables: Tables; record: RecordChange },
  { answers, open }: { answers: Message; open: readonly Reply[] },
): Promise<Reply> {
  const at = clock();
  const message = await tables.messages.insert({
    uuid: uuidv7(at) as MessageUuid,
    chatId: answers.chatId,
    chatUuid: answers.chatUuid,
    userId: answers.userId,
    parentId: answers.id,
    role: 'assistant',
    state: 'writing',
    text: '',
    imageUrl: null,
    at,
  });
  return insertReply(tables, record, {
    message,
    answers,
    claim: open.length === 0 ? await writers.claim(tables) : null,
  });
}

type InsertReply = {
  message: Message;
  answers: Pick<Message, 'id'>;
  claim: ReplyClaim | null;
};

/** Stores a reply that writes `message`, and tells its start where it is claimed. */
export async function insertReply(
  tables: Tables,
  record: RecordChange,
  { message, answers, claim }: InsertReply,
): Promise<Reply> {
  const reply = await tables.replies.insert({
    uuid: uuidv7(message.updatedAt) as ReplyUuid,
    chatId: message.chatId,
    chatUuid: message.chatUuid,
    userId: message.userId,
    answersId: answers.id,
    messageId: message.id,
    claim,
    at: message.updatedAt,
  });
  if (claim) record({ type: 'reply-start', reply, message });
  return reply;
}
