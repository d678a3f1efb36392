import type { Chat, ChatUuid } from './chats/chat.ts';
import type { ErrorCode } from './errors.ts';
import type { Message, MessageUuid } from './messages/message.ts';
import type { Reply, ReplyUuid } from './replies/reply.ts';
import type { SessionId } from './sessions/session.ts';
import type { UserId } from './users/user.ts';

/** A change of a user's data. Each takes the next position of that user's feed, in the transaction that makes it. */
export type Change =
  | { type: 'chat-created' | 'chat-updated'; chat: Chat }
  | { type: 'chat-deleted'; chatUuid: ChatUuid; chatId: number }
  | { type: 'chat-cleared'; chatUuid: ChatUuid; chatId: number }
  /** Another branch is shown. `after`: the last message that both have; null where they part at the beginning. */
  | { type: 'branch-switched'; chat: Chat; after: MessageUuid | null }
  | { type: 'message-created' | 'message-updated' | 'message-delivered'; message: Message }
  | {
      type: 'message-deleted';
      messageUuid: MessageUuid;
      messageId: number;
      chatUuid: ChatUuid;
      chatId: number;
    }
  | { type: 'reply-start'; reply: Reply; message: Message }
  | { type: 'reply-end'; reply: Reply; message: Message | null };

export type ChangeType = Change['type'];

/** A change with its place in the user's feed: contiguous from 1, in commit order. */
export type FeedEntry = { userId: UserId; position: number; at: Date; change: Change };

/** Text of a running reply, committed before it is shown. `start` counts UTF-16 code units of the reply before it. */
export type TextDelta = {
  type: 'text-delta';
  replyUuid: ReplyUuid;
  chatUuid: ChatUuid;
  start: number;
  text: string;
};

/** Somebody types in a chat; told to whoever listens now, and stored nowhere. */
export type Typing = { type: 'typing'; chatUuid: ChatUuid; sessionId: SessionId; isTyping: boolean };

/**
 * What a reader of one reply sees: text in order without gap, then exactly one end. Before the first text it may hear how many are
 * before it, itself included, until it is written: behind other replies of its chat, or other questions to the AI. 0: it is its turn.
 */
export type ReplyEvent =
  | { type: 'reply-waiting'; position: number }
  | { type: 'text-delta'; start: number; text: string }
  | { type: 'reply-end'; reply: Reply; message: Message | null; errorCode: ErrorCode | null };

/** What a reader of everything that a user has sees. `reset`: the feed no longer reaches back that far; read afresh. */
export type UserEvent =
  | ({ type: 'change' } & FeedEntry)
  | TextDelta
  | Typing
  | { type: 'reset'; position: number };
