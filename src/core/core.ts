import type { Attachment, AttachmentUuid } from './attachments/attachment.ts';
import type { Chat, ChatKey, ChatSettings } from './chats/chat.ts';
import type { ReplyEvent, UserEvent } from './events.ts';
import type {
  Message,
  MessageId,
  MessageKey,
  MessageRole,
  MessageUuid,
  VersionedMessage,
} from './messages/message.ts';
import type { Actor, ByteRange } from './ports.ts';
import type { TimeCursor } from './store.ts';
import type { Reply, ReplyKey } from './replies/reply.ts';
import type { SearchInput, SearchPage } from './search/search.ts';
import type { Session, SessionId } from './sessions/session.ts';
import type { ReadUsage, UsageReport } from './usage/read-usage.ts';
import type { User, UserId, UserKey, UserRole } from './users/user.ts';
import type { SpeakText } from './voice/speak.ts';
import type { ReceiveRecording } from './voice/transcribe.ts';
import type { Speech } from './voice/voice.ts';

/** The whole product as functions: what every dialect, the native API and the command line call. All throw DomainErrors only. */
export interface Core {
  users: Users;
  sessions: Sessions;
  chats: Chats;
  messages: Messages;
  replies: Replies;
  attachments: Attachments;
  voice: Voice;
  usage: UsageReports;
  search: Search;
  feed: Feed;
}

export type RegisterUser = {
  username?: string;
  email?: string;
  firstName?: string;
  password: string;
  role?: UserRole;
  /** The address that asks, as for `authenticate`. */
  from?: string;
};
export type UpdateProfile = { username?: string; email?: string; firstName?: string | null };

export interface Users {
  /** @throws `fields-missing` (neither name nor email), `username-invalid`, `email-invalid`, `password-invalid`, `username-taken`, `email-taken` */
  register(input: RegisterUser): Promise<User>;
  /**
   * By username or email. `from`: the address that asks; wrong passwords are counted per name and caller, see `guess-limits.ts`.
   * @throws `credentials-wrong`, `user-disabled`, `too-many-requests`
   */
  authenticate(input: { login: string; password: string; from?: string }): Promise<User>;
  get(actor: Actor): Promise<User>;
  update(actor: Actor, patch: UpdateProfile): Promise<User>;
  /** Ends every other login of the user. @throws `credentials-wrong`, `password-invalid`, `too-many-requests` */
  changePassword(actor: Actor, input: { current: string; next: string }): Promise<void>;
  /** The same for dialects that do not ask for the present password. @throws `password-invalid`, `too-many-requests` */
  setPassword(actor: Actor, next: string): Promise<void>;
  /** Removes the account and all that belongs to it, and ends its logins. What breaks off can be asked for again. */
  remove(actor: Actor): Promise<void>;
  /** For the operator. */
  list(page: { after: UserId | null; limit: number }): Promise<User[]>;
  /** For the operator: by id, uuid, username or email. @throws `user-not-found` */
  lookUp(name: string): Promise<User>;
  /** For the operator: ends every login and refuses new ones. Replies that wait are stopped when their turn comes. */
  disable(key: UserKey): Promise<void>;
  enable(key: UserKey): Promise<void>;
  /** For the operator. */
  setRole(key: UserKey, role: UserRole): Promise<void>;
  /** For the operator: sets a new password and ends every login. */
  resetPassword(key: UserKey, password: string): Promise<void>;
}

export type TokenPair = {
  session: Session;
  accessToken: string;
  refreshToken: string;
  accessExpiresAt: Date;
};

export interface Sessions {
  // Each opens a login of a user as `authenticate` or `register` gave them, and throws `credentials-wrong` when they have changed since,
  // `user-disabled`, `session-ended` when they are gone. A user's 201st login ends their oldest.
  /** A browser login; `secret` goes into the cookie and is stored as a hash only. It lives so long (30 days) after its last use. */
  openCookie(user: User, lifetimeMs?: number): Promise<{ session: Session; secret: string }>;
  /** One long-lived, revocable JWT. */
  openAccess(user: User): Promise<{ session: Session; accessToken: string }>;
  openPair(user: User): Promise<TokenPair>;
  /** Who an access token speaks for. @throws `token-invalid`, `token-expired`, `session-ended`, `user-disabled` */
  checkToken(accessToken: string): Promise<Actor>;
  /** Who a cookie's secret speaks for; use renews it. @throws `session-ended`, `user-disabled` */
  checkCookie(secret: string): Promise<Actor>;
  /** A new pair; a retry works until the new pair is used, a later reuse ends the login. @throws `token-invalid`, `token-expired`, `session-ended` */
  refresh(refreshToken: string): Promise<TokenPair>;
  close(actor: Actor): Promise<void>;
  /** Ends every login of the user but, where asked, the actor's own. */
  closeAll(actor: Actor, options: { keepOwn: boolean }): Promise<void>;
  /** Calls back once, within a second, when the login ends, on whatever node or process. Returns the unsubscribe. */
  onEnd(sessionId: SessionId, listener: () => void): () => void;
}

export type ListChats = { after: TimeCursor | null; limit: number; pinned?: boolean };

export interface Chats {
  /** @throws `title-too-long`, `text-not-unicode`, `model-not-offered`, `field-invalid` */
  create(actor: Actor, input: { title?: string } & Partial<ChatSettings>): Promise<Chat>;
  /** @throws `chat-not-found`, `chat-not-yours` (as does every method that takes a chat's key) */
  find(actor: Actor, key: ChatKey): Promise<Chat>;
  /** Newest change first. */
  list(actor: Actor, page: ListChats): Promise<Chat[]>;
  /** The same order by page number, with how many there are. */
  page(actor: Actor, page: { offset: number; limit: number }): Promise<{ chats: Chat[]; total: number }>;
  /** Tells the user's other devices that somebody types here; nothing is stored. */
  type(actor: Actor, key: ChatKey, isTyping: boolean): Promise<void>;
  /** `ifRevision`: only if unchanged since. @throws `revision-stale`, `title-empty`, `title-too-long`, `model-not-offered`, `field-invalid` */
  update(
    actor: Actor,
    key: ChatKey,
    patch: { title?: string; pinned?: boolean; ifRevision?: number } & Partial<ChatSettings>,
  ): Promise<Chat>;
  /** Removes it with all its messages; a reply being written is stopped. */
  delete(actor: Actor, key: ChatKey): Promise<void>;
  /** Removes its messages and keeps the chat. */
  clear(actor: Actor, key: ChatKey): Promise<Chat>;
}

export type SendMessage = {
  chat: ChatKey;
  text: string;
  imageUrl?: string | null;
  kind?: string;
  mediaUrls?: readonly string[];
  /** Files of the sender that it is to carry; their URLs follow those of `mediaUrls`. */
  attachments?: readonly AttachmentUuid[];
  replyToUuid?: MessageUuid | null;
  /** The same key and content give the same message and reply, however often, for at least 24 hours. */
  idempotencyKey?: string;
};
/** What of a message its new version says otherwise; what is left out stays as it was. */
export type BranchMessage = Partial<Omit<SendMessage, 'chat'>>;
export type AddMessage = SendMessage & { role: MessageRole };
export type SentMessage = { message: Message; reply: Reply; duplicate: boolean };
export type ListMessages = { after?: MessageId; before?: MessageId; limit: number; newest?: boolean };

export interface Messages {
  /**
   * Stores what the user said and opens the assistant's reply; both are durable when it resolves. The reply is written from then
   * on whether or not anybody follows it. An image in a `data:` URL that is too long for a message is kept as a file of the sender, which
   * the message names and carries. @throws what `Attachments.store` throws of that one;
   * `text-empty`, `text-too-long`, `text-not-unicode`, `attachment-not-found`, `attachment-taken`, `idempotency-key-reused`,
   * `request-in-flight`, `too-many-waiting`, `daily-limit-reached`
   */
  send(actor: Actor, input: SendMessage): Promise<SentMessage>;
  /**
   * Stores one message of either side and asks the AI nothing: for clients that bring their own answers.
   * @throws as `send`, and `reply-running` for an assistant's message while a reply is being written
   */
  add(actor: Actor, input: AddMessage): Promise<{ message: Message; duplicate: boolean }>;
  /** Ascending, without deleted ones; a message being written carries its text so far. */
  list(actor: Actor, chat: ChatKey, page: ListMessages): Promise<Message[]>;
  /** The same, each among the versions of its turn. */
  listVersioned(actor: Actor, chat: ChatKey, page: ListMessages): Promise<VersionedMessage[]>;
  /** The id up to which no answer is open any more, so that a reader who goes on after it misses none. Read it before the list. */
  settledUpTo(actor: Actor, chat: ChatKey): Promise<MessageId>;
  /** The same without what is being written, as the chat counts it: for clients that cannot tell a part from the whole. */
  listFinished(actor: Actor, chat: ChatKey, page: Pick<ListMessages, 'after' | 'limit'>): Promise<Message[]>;
  /** That by page number, with how many there are. */
  page(
    actor: Actor,
    chat: ChatKey,
    page: { offset: number; limit: number },
  ): Promise<{ messages: Message[]; total: number }>;
  /** Moves its delivery forward and tells the user's devices; backwards changes nothing. @throws `message-not-found` */
  deliver(actor: Actor, key: MessageKey, status: 'delivered' | 'read'): Promise<Message>;
  /** @throws `message-not-found` (another user's too) */
  find(actor: Actor, key: MessageKey): Promise<Message>;
  /** Changes the text in place. @throws `reply-running`, `revision-stale`, `text-*` */
  edit(actor: Actor, key: MessageKey, input: { text: string; ifRevision?: number }): Promise<Message>;
  /**
   * Another version of a turn, anywhere in its chat: a user's message is said otherwise and answered, an assistant's is written anew.
   * The former version, and all that followed it, stays beside the active branch. The message given back is the user's.
   * @throws as `send`, `message-not-found`, `reply-not-found` (no reply wrote it), `reply-running` (one is open in the chat),
   * `field-invalid` (words for an assistant's message)
   */
  branch(actor: Actor, key: MessageKey, input: BranchMessage): Promise<SentMessage>;
  /** The versions of a message's turn, itself among them, oldest first: at most the newest hundred. */
  versions(actor: Actor, key: MessageKey): Promise<VersionedMessage[]>;
  /** Shows the branch through a message, and after it what followed it last. @throws `reply-running` while one is open in the chat */
  activate(actor: Actor, key: MessageKey): Promise<Chat>;
  /** Erases its text and hides it. A message being written is stopped first, as is an answer to it that has not begun. */
  delete(actor: Actor, key: MessageKey): Promise<void>;
}

export interface Replies {
  /** @throws `reply-not-found` (another user's too; as does every method that takes a reply's key) */
  find(actor: Actor, key: ReplyKey): Promise<Reply>;
  /** The newest reply that writes an assistant's message, or answers a user's. @throws `message-not-found`, `reply-not-found` */
  findByMessage(actor: Actor, key: MessageKey): Promise<Reply>;
  /**
   * The reply's text from a position (UTF-16 code units) on, then live until its end. Pulling slowly costs nothing: what came
   * meanwhile arrives in large deltas. Ends early, without an end event, only when the signal aborts. @throws `position-invalid`
   */
  follow(
    actor: Actor,
    key: ReplyKey,
    from: { after: number; signal?: AbortSignal },
  ): AsyncIterable<ReplyEvent>;
  /**
   * Waits for the end and gives the message, complete, or stopped with text. @throws the reply's own `ai-*` error or
   * `reply-interrupted`, `reply-stopped`, `reply-not-found` (also one that is removed meanwhile), `server-stopping`; an AbortError when the signal aborts
   */
  finished(actor: Actor, key: ReplyKey, signal?: AbortSignal): Promise<Message>;
  /** Ends it where it is, keeping its text; a reply that has ended stays as it is. Resolves when its end is durable. */
  stop(actor: Actor, key: ReplyKey): Promise<Reply>;
  /** Opens a new reply that goes on writing the message of one that was stopped, interrupted or failed. @throws `reply-not-continuable` */
  continue(actor: Actor, key: ReplyKey): Promise<Reply>;
  /** Opens a new reply to the same message; the former answer leaves the active branch. Only for a chat's latest. @throws `reply-running`, `reply-not-latest` */
  regenerate(actor: Actor, key: ReplyKey): Promise<Reply>;
  /** Asks the AI once, outside any chat; only what it cost is stored. @throws `text-*`, `ai-*`, `images-unsupported`, `daily-limit-reached`, `server-stopping` */
  ask(actor: Actor, input: { text: string; imageUrl?: string }, signal?: AbortSignal): Promise<string>;
}

export interface Attachments {
  /**
   * Keeps a file; durable when it resolves. It goes after a day unless a message carries it: by `attachments`, or by its URL,
   * `attachmentUrl`, among those of the message.
   * @throws `file-too-large`, `file-empty`, `file-type-refused`, `image-too-large`, `quota-exceeded`, `too-many-files`,
   * `files-unavailable`; whatever the bytes throw
   */
  store(actor: Actor, file: { name: string; bytes: AsyncIterable<Uint8Array> }): Promise<Attachment>;
  /** @throws `attachment-not-found` (another user's too; as does every method that takes a UUID) */
  find(actor: Actor, uuid: AttachmentUuid): Promise<Attachment>;
  /** With its bytes, or some of them, which are read as they are taken. @throws `files-unavailable` */
  read(
    actor: Actor,
    uuid: AttachmentUuid,
    range?: ByteRange,
  ): Promise<{ attachment: Attachment; bytes: AsyncIterable<Uint8Array> }>;
  /** A message that carries it keeps its URL, which leads nowhere from then on. */
  remove(actor: Actor, uuid: AttachmentUuid): Promise<void>;
}

export interface Voice {
  /**
   * What was said in a recording; empty where nothing was. Nothing is stored.
   * @throws `voice-unavailable`, `file-empty`, `file-too-large`, `recording-type-refused`, `field-invalid`, `too-many-requests`,
   * `server-busy`, `server-stopping`, `ai-*`; whatever `receive` throws; an AbortError when the signal aborts
   */
  transcribe(actor: Actor, receive: ReceiveRecording, signal?: AbortSignal): Promise<string>;
  /**
   * Text as audio, as it is made. Whoever asks takes all of it, or aborts. Nothing is stored.
   * @throws `voice-unavailable`, `text-empty`, `text-not-unicode`, `speech-too-long`, `field-invalid`, `ai-*` (also in the bytes)
   */
  speak(input: SpeakText, signal: AbortSignal): Promise<Speech>;
}

export interface UsageReports {
  /** Sums of the days from one to another, both included, and what is left of today. @throws `field-invalid` */
  read(actor: Actor, days: ReadUsage): Promise<UsageReport>;
}

export interface Search {
  /**
   * What the actor has said and was told with all the words of a text, and chats by their titles, the best first.
   * @throws `search-empty`, `field-invalid` (longer than 200 UTF-16 code units), `text-not-unicode`
   */
  find(actor: Actor, input: SearchInput): Promise<SearchPage>;
}

export interface Feed {
  /**
   * Every change of the user's data after a position (null: from now on), and text of running replies beside them; a running reply's
   * text so far comes first. Ends when the signal aborts. @throws `position-invalid`
   */
  follow(actor: Actor, after: number | null, signal?: AbortSignal): AsyncIterable<UserEvent>;
  position(actor: Actor): Promise<number>;
}
