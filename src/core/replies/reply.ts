import type { ChatId, ChatUuid } from '../chats/chat.ts';
import type { ErrorCode } from '../errors.ts';
import type { MessageId, MessageUuid } from '../messages/message.ts';
import type { Reservation } from '../usage/reserve-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { UserId } from '../users/user.ts';

export type ReplyId = number & { readonly brand: 'ReplyId' };
export type ReplyUuid = string & { readonly brand: 'ReplyUuid' };
export type ReplyKey = ReplyId | ReplyUuid;
export type NodeId = string & { readonly brand: 'NodeId' };

export type ReplyOutcome = 'complete' | 'stopped' | 'interrupted' | 'failed';
export type ReplyState = 'waiting' | 'writing' | ReplyOutcome;

/** One answer of the AI: a durable log of text that any number of readers may follow, from any position. */
export type Reply = {
  id: ReplyId;
  uuid: ReplyUuid;
  chatId: ChatId;
  chatUuid: ChatUuid;
  userId: UserId;
  /** The user's message that it answers. */
  answersId: MessageId;
  answersUuid: MessageUuid;
  /** The assistant's message that it writes; null when it ended without a word. */
  messageId: MessageId | null;
  state: ReplyState;
  /** Why it failed or was interrupted. */
  errorCode: ErrorCode | null;
  /** The process that writes it. */
  nodeId: NodeId | null;
  provider: string | null;
  model: string | null;
  /** What it cost; null while it is open, and where it cost nothing. */
  usage: Usage | null;
  /** Of its user's day; kept when it has ended. */
  reservedTokens: Reservation;
  createdAt: Date;
  /** When its turn came. */
  startedAt: Date | null;
  /** When its AI said its first word; known once it has ended. */
  firstTextAt: Date | null;
  endedAt: Date | null;
};

export const isOpen = (reply: Pick<Reply, 'state'>): boolean =>
  reply.state === 'waiting' || reply.state === 'writing';
