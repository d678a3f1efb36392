import type { RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Chat } from '../chats/chat.ts';
import { DomainError } from '../errors.ts';
import type { Message, MessageUuid } from '../messages/message.ts';
import { chosenModel } from '../models.ts';
import type { Tables } from '../store.ts';
import { requireAllowance, reserveUsage } from '../usage/reserve-usage.ts';
import { uuidv7 } from '../uuidv7.ts';
import { buildPrompt } from './build-prompt.ts';
import type { ReplyClaim } from './reply-table.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply, ReplyUuid } from './reply.ts';
import { wordsOfFiles } from './words-of-files.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * Refuses what would let one user's replies pile up without bound, or go beyond what they may ask for in a day.
 * @throws DomainError `server-stopping`, `too-many-waiting`, `daily-limit-reached`
 */
export async function requireRoom(
  deps: Deps,
  tables: Tables,
  message: Pick<Message, 'chatId' | 'userId'>,
): Promise<Reply[]> {
  const { limits, writers } = deps;
  if (writers.stopping) throw new DomainError('server-stopping', { retryAfterSeconds: 2 });
  const open = await tables.replies.openInChat(message.chatId);
  const full =
    open.length > limits.waitingRepliesPerChat ||
    (await tables.replies.countOpen(message.userId)) >= limits.openRepliesPerUser;
  if (full) throw new DomainError('too-many-waiting', { retryAfterSeconds: 2 });
  await requireAllowance(deps, tables, { userId: message.userId, at: deps.clock() });
  return open;
}

/**
 * Opens a reply to a user's message, in the caller's transaction: written at once where the chat is free, else after those before
 * it. Its own message is made here, so that a chat's order is the order in which it was asked.
 */
export async function openReply(
  deps: Deps,
  { tables, record }: { tables: Tables; record: RecordChange },
  { chat, answers, open }: { chat: Chat; answers: Message; open: readonly Reply[] },
): Promise<Reply> {
  const { clock, writers } = deps;
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
  const behind = open.length;
  const claim = behind === 0 ? await writers.claim(tables, chat) : null;
  return insertReply(deps, { tables, record }, { chat, message, answers, claim, behind });
}

type InsertReply = {
  chat: Chat;
  message: Message;
  answers: Pick<Message, 'id' | 'uuid'>;
  claim: ReplyClaim | null;
  /** How many replies of the chat are written before it. */
  behind?: number;
  /** The start of the message, where it is written on. */
  continues?: string;
};

/**
 * Stores a reply that writes `message`, with what it may cost taken of its user's day, and tells its start where it is claimed.
 * @throws DomainError `daily-limit-reached`
 */
export async function insertReply(
  deps: Deps,
  { tables, record }: { tables: Tables; record: RecordChange },
  { chat, message, answers, claim, behind = 0, continues = '' }: InsertReply,
): Promise<Reply> {
  const { chatId, userId, id: messageId, updatedAt: at } = message;
  const { provider } = chosenModel(deps.models, chat);
  const reservedTokens = await reserveUsage(deps, tables, {
    userId,
    at,
    behind,
    prompt: () =>
      buildPrompt(
        { store: tables, prompt: deps.prompt },
        { reply: { chatId, userId, messageId }, chat, provider, continues },
      ),
    wordsOf: (prompt) => wordsOfFiles(deps, tables, { prompt, userId }),
  });
  const reply = await tables.replies.insert({
    uuid: uuidv7(at) as ReplyUuid,
    chatId,
    chatUuid: message.chatUuid,
    userId,
    answersId: answers.id,
    answersUuid: answers.uuid,
    messageId,
    claim,
    reservedTokens,
    at,
  });
  if (claim) record({ type: 'reply-start', reply, message });
  return reply;
}
