import { firstCharacters } from '../unicode-text.ts';
import type { Chat } from '../chats/chat.ts';
import type { RecordChange } from '../commit-changes.ts';
import type { ErrorCode } from '../errors.ts';
import type { Message, MessageState } from '../messages/message.ts';
import type { Tables } from '../store.ts';
import { settleUsage } from '../usage/settle-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { ReplyClaim } from './reply-table.ts';
import type { Reply, ReplyOutcome } from './reply.ts';

export type EndReply = {
  reply: Reply;
  outcome: ReplyOutcome;
  errorCode: ErrorCode | null;
  /** All that it said. */
  text: string;
  /** Null where it cost nothing, as far as anybody knows. */
  usage: Usage | null;
  firstTextAt: Date | null;
  /** The AI that was asked; null where none was, or none is known. */
  answeredBy: { provider: string; model: string } | null;
  at: Date;
  /** Who writes the next reply of the chat; without it, or where it gives null, that one goes on waiting. */
  claimNext?: ClaimNext;
};
type ClaimNext = (tables: Tables, chat: Chat) => Promise<ReplyClaim | null>;
export type EndedReply = { reply: Reply; message: Message | null; next: Reply | null };

/**
 * Ends an open reply in the caller's transaction: its text moves to its message, its log goes, and the chat's next waiting reply
 * gets its turn. Undefined when it had ended already, or is written by another process.
 */
export async function endReply(
  tables: Tables,
  record: RecordChange,
  { reply, outcome, errorCode, text, usage, firstTextAt, answeredBy, at, claimNext }: EndReply,
): Promise<EndedReply | undefined> {
  const keepsMessage = text !== '';
  const { provider, model } = answeredBy ?? reply;
  const wasOpen = await tables.replies.end(reply.id, {
    nodeId: reply.nodeId,
    outcome,
    errorCode,
    keepsMessage,
    provider,
    model,
    usage,
    firstTextAt,
    at,
  });
  if (!wasOpen) return undefined;
  await tables.replies.dropLog(reply.id);

  const message = await settleMessage(tables, { reply, state: outcome, text, at });
  const ended: Reply = {
    ...reply,
    state: outcome,
    errorCode,
    messageId: message?.id ?? null,
    provider,
    model,
    usage,
    firstTextAt,
    endedAt: at,
  };
  await settleReply(tables, ended);
  record({ type: 'reply-end', reply: ended, message });
  return { reply: ended, message, next: await startNext(tables, record, { reply, claimNext }) };
}

/** What an ended reply, or one that is removed before its end, means for its user's sums and limits. */
export const settleReply = (tables: Tables, reply: Reply): Promise<void> =>
  settleUsage(tables, {
    userId: reply.userId,
    askedAt: reply.createdAt,
    reserved: reply.reservedTokens,
    usage: reply.usage,
    answeredBy: reply,
    durationMs: (reply.endedAt?.getTime() ?? 0) - (reply.startedAt ?? reply.createdAt).getTime(),
  });

type Settle = { reply: Reply; state: MessageState; text: string; at: Date };

async function settleMessage(tables: Tables, { reply, state, text, at }: Settle): Promise<Message | null> {
  if (reply.messageId === null) return null;
  if (text === '') {
    await tables.messages.bury(reply.messageId, at);
    return null;
  }
  await tables.messages.finish(reply.messageId, { text, state, at });
  const chat = await tables.chats.find(reply.userId, reply.chatId);
  if (chat) {
    await tables.chats.update(chat.id, {
      messageCount: chat.messageCount + 1,
      lastMessageAt: at,
      lastMessageText: firstCharacters(text, 200),
      updatedAt: at,
    });
  }
  return (await tables.messages.find(reply.userId, reply.messageId)) ?? null;
}

/** Stops a reply that waits for its turn, in the caller's transaction, with what its message says already. */
export const endWaiting = async (
  tables: Tables,
  record: RecordChange,
  { reply, at }: { reply: Reply; at: Date },
): Promise<void> => {
  await endReply(tables, record, {
    reply,
    outcome: 'stopped',
    errorCode: null,
    text: await tables.replies.textFrom(reply.id, 0),
    usage: null,
    firstTextAt: null,
    answeredBy: null,
    at,
  });
};

/** Gives the oldest waiting reply of the chat its turn. Those of a user who is disabled end instead: nobody would read them. */
export async function startNext(
  tables: Tables,
  record: RecordChange,
  { reply, claimNext }: { reply: Pick<Reply, 'chatId' | 'userId'>; claimNext?: ClaimNext | undefined },
): Promise<Reply | null> {
  if (!claimNext) return null;
  const open = await tables.replies.openInChat(reply.chatId);
  const [oldest] = open;
  if (!oldest || oldest.state !== 'waiting') return null;
  const chat = await tables.chats.find(reply.userId, reply.chatId);
  const claim = chat && (await claimNext(tables, chat));
  if (!claim) return null;
  const user = await tables.users.find(reply.userId);
  if (user?.disabledAt) {
    for (const waiting of open) await endWaiting(tables, record, { reply: waiting, at: claim.startedAt });
    return null;
  }
  await tables.replies.claim(oldest.id, claim);
  const next: Reply = { ...oldest, ...claim, state: 'writing' };
  const message =
    next.messageId === null ? undefined : await tables.messages.find(next.userId, next.messageId);
  if (message) record({ type: 'reply-start', reply: next, message });
  return next;
}
