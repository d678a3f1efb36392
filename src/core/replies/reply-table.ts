import type { ChatId, ChatUuid } from '../chats/chat.ts';
import type { ErrorCode } from '../errors.ts';
import type { Message, MessageId, MessageUuid } from '../messages/message.ts';
import type { Reservation } from '../usage/reserve-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { UserId } from '../users/user.ts';
import type { NodeId, Reply, ReplyId, ReplyKey, ReplyOutcome, ReplyUuid } from './reply.ts';

/** The answers of the AI, and their logs while they are written. */
export interface ReplyTable {
  insert(reply: {
    uuid: ReplyUuid;
    chatId: ChatId;
    chatUuid: ChatUuid;
    userId: UserId;
    answersId: MessageId;
    answersUuid: MessageUuid;
    /** The assistant's message that it will write, already there. */
    messageId: MessageId;
    /** Given: it is written from now on. Null: it waits for its turn. */
    claim: ReplyClaim | null;
    reservedTokens: Reservation;
    at: Date;
  }): Promise<Reply>;
  find(owner: UserId, key: ReplyKey): Promise<Reply | undefined>;
  /** The reply that writes or wrote a message last. */
  findByMessage(messageId: MessageId): Promise<Reply | undefined>;
  /** The newest reply to a user's message. */
  findByQuestion(question: Pick<Message, 'id' | 'chatId'>): Promise<Reply | undefined>;
  /** Waiting and writing replies of a chat, oldest first. */
  openInChat(chatId: ChatId): Promise<Reply[]>;
  /** Those of a user that are being written, oldest first. */
  writingOf(userId: UserId): Promise<Reply[]>;
  /** How many replies of a user wait or write. */
  countOpen(userId: UserId): Promise<number>;
  /** Waiting → writing, by a node. */
  claim(id: ReplyId, claim: ReplyClaim): Promise<void>;
  /** Asks the process that writes a reply to stop it. */
  requestStop(id: ReplyId): Promise<void>;
  /** The replies that a process writes and is asked to stop. */
  stopRequested(nodeId: NodeId): Promise<ReplyId[]>;
  /** Ends an open reply; false when it had ended, or another node writes it. `nodeId` null: it was waiting. */
  end(
    id: ReplyId,
    end: {
      nodeId: NodeId | null;
      outcome: ReplyOutcome;
      errorCode: ErrorCode | null;
      keepsMessage: boolean;
      provider: string | null;
      model: string | null;
      usage: Usage | null;
      firstTextAt: Date | null;
      at: Date;
    },
  ): Promise<boolean>;
  /**
   * Adds text to the logs of replies; `start` is the length of the log before it, so that a gap or other text at the same place
   * fails. The same text at the end of a log is there already: a commit whose answer was lost can be repeated.
   */
  append(deltas: readonly NewDelta[]): Promise<void>;
  /** The committed text of an open reply from a position on. */
  textFrom(id: ReplyId, start: number): Promise<string>;
  /** Drops the log of a reply whose text has moved to its message. */
  dropLog(id: ReplyId): Promise<void>;
  /** Replies in `writing` that name a node. */
  writtenBy(nodeId: NodeId, limit: number): Promise<Reply[]>;
  /** Replies in `writing` whose node is not (or no longer) in the table of nodes, oldest first. */
  orphans(limit: number): Promise<Reply[]>;
  /** The oldest waiting reply of each chat in which none is being written. */
  stalled(limit: number): Promise<Reply[]>;
}
export type ReplyClaim = { nodeId: NodeId; provider: string; model: string; startedAt: Date };
export type NewDelta = { replyId: ReplyId; start: number; text: string };
