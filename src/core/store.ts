import type { AttachmentTable } from './attachments/attachment-table.ts';
import type { Chat, ChatId, ChatKey, ChatSettings, ChatSummary, ChatUuid } from './chats/chat.ts';
import type { FeedEntry } from './events.ts';
import type {
  DeliveryStatus,
  Message,
  MessageActivity,
  MessageId,
  MessageKey,
  MessageRole,
  MessageState,
  MessageUuid,
} from './messages/message.ts';
import type { NodeId, ReplyId } from './replies/reply.ts';
import type { ReplyTable } from './replies/reply-table.ts';
import type { SearchTable } from './search/search-table.ts';
import type { Session, SessionId, SessionKind, SessionUuid } from './sessions/session.ts';
import type { UsageTable } from './usage/usage-table.ts';
import type { User, UserId, UserKey, UserRole, UserUuid } from './users/user.ts';

/**
 * What the core needs from a database: implemented once in `storage/`, over every engine.
 * Reads outside a transaction see only what is committed. Any method throws `storage-unavailable` when the database is away.
 */
export interface Store extends Tables {
  /**
   * Runs `work` and commits what it wrote; durable when it resolves. A throw rolls all of it back. Others may write meanwhile: what
   * `work` decides by what it reads holds only under a lock (`feed.lock`, `users.lock`, `sessions.lock`), taken before it reads, a
   * user's first. `work` may run again after a conflict, so it does nothing but call its tables.
   * `storage-unavailable` means that nothing is stored, unless the database went away during the commit: then nobody knows.
   */
  transaction<Result>(work: (tables: Tables) => Promise<Result>): Promise<Result>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Tables {
  users: UserTable;
  sessions: SessionTable;
  chats: ChatTable;
  messages: MessageTable;
  replies: ReplyTable;
  nodes: NodeTable;
  attachments: AttachmentTable;
  idempotencyKeys: IdempotencyKeyTable;
  usage: UsageTable;
  search: SearchTable;
  feed: FeedTable;
}

export type NewUser = {
  uuid: UserUuid;
  username: string | null;
  usernameKey: string | null;
  email: string | null;
  emailKey: string | null;
  firstName: string | null;
  passwordHash: string;
  role: UserRole;
  at: Date;
};
export type UserPatch = Partial<{
  username: string;
  usernameKey: string;
  email: string;
  emailKey: string;
  firstName: string | null;
  role: UserRole;
  passwordHash: string;
  disabledAt: Date | null;
}>;

export interface UserTable {
  /** @throws DomainError `username-taken`, `email-taken` */
  insert(user: NewUser): Promise<User>;
  /** Makes other transactions that lock or change this user wait for the commit. */
  lock(id: UserId): Promise<void>;
  find(key: UserKey): Promise<User | undefined>;
  /** By canonical username or email, with the stored password hash. */
  findByLogin(loginKey: string): Promise<{ user: User; passwordHash: string } | undefined>;
  passwordHash(id: UserId): Promise<string | undefined>;
  /** @throws DomainError `username-taken`, `email-taken` */
  update(id: UserId, patch: UserPatch, at: Date): Promise<void>;
  /** Ascending by id, after the given one. */
  list(page: { after: UserId | null; limit: number }): Promise<User[]>;
  /** Removes the row and everything that belongs to it, but the logins: those stay known as ended. */
  remove(id: UserId): Promise<void>;
}

export interface SessionTable {
  insert(session: {
    uuid: SessionUuid;
    userId: UserId;
    kind: SessionKind;
    /** SHA-256 of a cookie's secret; null for tokens, whose signature is their proof. */
    secretHash: string | null;
    at: Date;
    lifetimeMs: number;
  }): Promise<Session>;
  /** Makes other transactions that lock, change or end this login wait for the commit. */
  lock(uuid: SessionUuid): Promise<void>;
  find(uuid: SessionUuid): Promise<SessionWithUser | undefined>;
  findBySecret(secretHash: string): Promise<SessionWithUser | undefined>;
  update(
    id: SessionId,
    patch: Partial<{ generation: number; usedGeneration: number; expiresAt: Date }>,
  ): Promise<void>;
  /** Ends it; false when it had ended already. */
  end(id: SessionId, at: Date): Promise<boolean>;
  /** Ends every living login of a user but the given one, and says which. */
  endAll(userId: UserId, except: SessionId | null, at: Date): Promise<SessionId[]>;
  /** Ends the oldest living logins of a user, so that at most so many are left, and says which. */
  endOldest(userId: UserId, left: number, at: Date): Promise<SessionId[]>;
  /** The logins that ended at or after a time, on whatever node. */
  endedSince(at: Date): Promise<SessionId[]>;
  /** Forgets logins that ended or expired before a time, at most `limit`. */
  purge(before: Date, limit: number): Promise<number>;
}
export type SessionWithUser = { session: Session; user: User };

export type NewChat = {
  uuid: ChatUuid;
  userId: UserId;
  title: string;
  titled: boolean;
  settings?: Partial<ChatSettings>;
  at: Date;
};
export type ChatPatch = Partial<{
  title: string;
  titled: boolean;
  pinned: boolean;
  messageCount: number;
  lastMessageAt: Date | null;
  lastMessageText: string;
  summary: ChatSummary | null;
  revision: number;
  updatedAt: Date;
}> &
  Partial<ChatSettings>;
/** A place in a list ordered by a time and an id. */
export type TimeCursor = { at: Date; id: number };

export interface ChatTable {
  insert(chat: NewChat): Promise<Chat>;
  find(owner: UserId, key: ChatKey): Promise<Chat | undefined>;
  /** Whether the chat exists but is another user's. */
  isForeign(owner: UserId, key: ChatKey): Promise<boolean>;
  /**
   * Newest `updatedAt` first, after the cursor. `pinned` narrows to pinned or unpinned ones; `offset` passes over so many, for the
   * dialects that promise page numbers.
   */
  list(
    owner: UserId,
    page: { after: TimeCursor | null; limit: number; pinned?: boolean; offset?: number },
  ): Promise<Chat[]>;
  count(owner: UserId): Promise<number>;
  update(id: ChatId, patch: ChatPatch): Promise<void>;
  /** Removes the chat and every row of it. */
  delete(id: ChatId): Promise<void>;
}

export type NewMessage = {
  uuid: MessageUuid;
  chatId: ChatId;
  chatUuid: ChatUuid;
  userId: UserId;
  parentId: MessageId | null;
  role: MessageRole;
  state: MessageState;
  text: string;
  imageUrl: string | null;
  kind?: string;
  mediaUrls?: readonly string[];
  replyToUuid?: MessageUuid | null;
  at: Date;
};

export type Turn = Pick<Message, 'role' | 'text' | 'imageUrl' | 'mediaUrls'>;
/** A message as a part of its chat's tree. `isBuried`: it was deleted, and holds what follows it in its place. */
export type Twig = Pick<Message, 'id' | 'parentId' | 'role' | 'activity'> & { isBuried: boolean };

export interface MessageTable {
  insert(message: NewMessage): Promise<Message>;
  find(owner: UserId, key: MessageKey): Promise<Message | undefined>;
  /**
   * The active branch without deleted messages, ascending by id. `after`/`before` are exclusive; with `newest` the page is the
   * last `limit` messages before `before` (still ascending). A message being written carries its committed text so far, and is
   * left out while it has none.
   */
  list(
    chatId: ChatId,
    page: { after?: MessageId; before?: MessageId; limit: number; newest?: boolean },
  ): Promise<Message[]>;
  /** The same without what is being written, ascending from the beginning on: what the chat counts. `offset` passes over so many. */
  finished(chatId: ChatId, page: { after?: MessageId; offset?: number; limit: number }): Promise<Message[]>;
  /** What was said in the last `limit` finished turns of the active branch between two messages, oldest first: for prompts. */
  turns(chatId: ChatId, page: { after?: MessageId; before: MessageId; limit: number }): Promise<Turn[]>;
  /** The newest message of the active branch, also one that is about to be written. */
  last(chatId: ChatId): Promise<Message | undefined>;
  /** Its id alone, without reading what it says. */
  lastId(chatId: ChatId): Promise<MessageId | undefined>;
  update(
    id: MessageId,
    patch: Partial<{
      text: string;
      state: MessageState;
      revision: number;
      delivery: DeliveryStatus;
      at: Date;
    }>,
  ): Promise<void>;
  /** Stores what was written in a message, how that ended, and so its next revision. */
  finish(id: MessageId, end: { text: string; state: MessageState; at: Date }): Promise<void>;
  /** Every message of a chat after one (null: all), on whatever branch, buried ones too; ascending by id. */
  twigs(chatId: ChatId, after: MessageId | null): Promise<Twig[]>;
  /** What follows some messages (null: begins the chat) beside the active branch, without deleted ones, in any order. */
  besides(chatId: ChatId, parents: readonly (MessageId | null)[]): Promise<Omit<Twig, 'isBuried'>[]>;
  /** Moves messages on or off the branch that is shown. */
  setActivity(ids: readonly MessageId[], activity: MessageActivity): Promise<void>;
  /** Erases its text and hides it; the row stays, so that its branch keeps its order. */
  bury(id: MessageId, at: Date): Promise<void>;
  /** Removes every message and reply of a chat. */
  deleteAll(chatId: ChatId): Promise<void>;
}

/** The living processes. One that stops its heartbeat is removed, and may write no more: its replies are ended by another. */
export interface NodeTable {
  insert(id: NodeId, at: Date): Promise<void>;
  /** False when the node was removed. */
  beat(id: NodeId, at: Date): Promise<boolean>;
  /** Whether the node may still write. Inside a transaction it stays so until the commit. */
  holds(id: NodeId): Promise<boolean>;
  /** All of them. */
  list(): Promise<NodeBeat[]>;
  /** False when the node was removed already. */
  remove(id: NodeId): Promise<boolean>;
  /** Removes a node whose last sign of life still is the given one; false when it gave another, or was removed already. */
  removeSilent(node: NodeBeat): Promise<boolean>;
}
/** A process, and when it gave its last sign of life, by its own clock, which may be wrong. */
export type NodeBeat = { id: NodeId; beatAt: Date };

export interface IdempotencyKeyTable {
  find(userId: UserId, key: string): Promise<IdempotencyRecord | undefined>;
  /** @throws DomainError `request-in-flight` when another transaction is writing the same key */
  insert(userId: UserId, key: string, record: IdempotencyRecord & { at: Date }): Promise<void>;
  purge(before: Date, limit: number): Promise<number>;
}
export type IdempotencyRecord = { contentHash: string; messageId: MessageId; replyId: ReplyId | null };

export interface FeedTable {
  /** The user's newest position. Inside a transaction it also makes other writers of this user wait for the commit. */
  lock(userId: UserId): Promise<number>;
  append(userId: UserId, entries: readonly FeedEntry[]): Promise<void>;
  /**
   * At most `limit` entries after a position, oldest first, as their subjects stand now; entries whose subject is gone are left out.
   * `position` is the last one looked at.
   */
  after(userId: UserId, position: number, limit: number): Promise<{ entries: FeedEntry[]; position: number }>;
  position(userId: UserId): Promise<number>;
  /** The oldest position still kept; undefined when none is. */
  oldest(userId: UserId): Promise<number | undefined>;
  purge(before: Date, limit: number): Promise<number>;
}
