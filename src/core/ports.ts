import type { Attachment, AttachmentUuid } from './attachments/attachment.ts';
import type { FeedEntry, TextDelta, Typing } from './events.ts';
import type { ReplyId } from './replies/reply.ts';
import type { SessionId, SessionUuid } from './sessions/session.ts';
import type { UserId } from './users/user.ts';

/** Who is asking, and with which login. Built by the one authentication, trusted by the core. */
export type Actor = { userId: UserId; sessionId: SessionId };

/**
 * Carries what was committed to whoever listens in this process (and, over Redis, in others). Between processes it may lose, and then
 * says `gap`; the database loses nothing.
 */
export interface Fanout {
  publish(userId: UserId, event: FanoutEvent): void;
  /** Returns the unsubscribe. */
  subscribe(userId: UserId, listener: (event: FanoutEvent) => void): () => void;
  /** Tells every process that logins have ended. */
  publishEnded(sessionIds: readonly SessionId[]): void;
  subscribeEnded(listener: (sessionIds: readonly SessionId[]) => void): () => void;
  /** Asks whichever process writes a reply to stop it. */
  publishStop(replyId: ReplyId): void;
  subscribeStop(listener: (replyId: ReplyId) => void): () => void;
}
export type FanoutEvent =
  | ({ type: 'change' } & FeedEntry)
  | TextDelta
  | Typing
  /** Changes were made up to this position of the feed: by another process, or by a commit whose answer this one did not get. */
  | { type: 'moved'; position: number }
  /** What other processes said may have been missed: the database knows. */
  | { type: 'gap' };

/** `user`: who is known to ask for it. */
export interface PasswordHasher {
  /** @throws DomainError `server-busy` when too many wait already, or some of this user */
  hash(password: string, user?: UserId): Promise<string>;
  /** `rehash`: the stored form is outdated and should be replaced. @throws DomainError `server-busy` */
  verify(stored: string, password: string, user?: UserId): Promise<{ ok: boolean; rehash: boolean }>;
  /** Takes as long as a verify, so that an unknown name cannot be told from a wrong password by its time. */
  verifyNothing(password: string): Promise<void>;
}

export type TokenPurpose = 'access' | 'refresh';
export type TokenClaims = {
  purpose: TokenPurpose;
  session: SessionUuid;
  generation: number;
  expiresAt: Date;
};
export interface TokenSigner {
  sign(claims: TokenClaims): Promise<string>;
  /** @throws DomainError `token-invalid`, `token-expired` */
  verify(token: string, purpose: TokenPurpose): Promise<TokenClaims>;
}

/**
 * Counts what happens under a key until its window is over; the window begins with the first count. A key is `kind:rest`. It may
 * forget; it never counts too much.
 */
export interface Counters {
  /** The count after this one, never under 0, and how long its window still lasts. One step, however many ask at once. */
  add(
    key: string,
    input: { windowMs: number; amount?: number },
  ): Promise<{ count: number; endsInMs: number }>;
  /** 0 where nothing was counted. */
  read(key: string): Promise<number>;
  forget(key: string): Promise<void>;
}

/** The bytes of attachments, each under its UUID. */
export interface Files {
  /**
   * Writes bytes where nobody finds them yet; they are durable when it resolves. What fails leaves nothing.
   * @throws DomainError `file-too-large`, `files-unavailable`; whatever the bytes throw
   */
  draft(
    uuid: AttachmentUuid,
    input: { bytes: AsyncIterable<Uint8Array>; limitBytes: number },
  ): Promise<FileDraft>;
  /** The bytes, or some of them; undefined where there are none. @throws DomainError `files-unavailable` */
  read(uuid: AttachmentUuid, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Removes a file or a draft; what is not there is gone already. @throws DomainError `files-unavailable` */
  remove(uuid: AttachmentUuid): Promise<void>;
  /** What was last written before a time, in any order. */
  list(before: Date): AsyncIterable<{ uuid: AttachmentUuid; isDraft: boolean }>;
  /** Ends idle connections. */
  close(): Promise<void>;
}
/** From a byte to another, which is the last; both count from 0 and exist. */
export type ByteRange = { first: number; last: number };
export type FileDraft = {
  sizeBytes: number;
  /** In hex. */
  sha256: string;
  /** By its content; null where it says nothing. */
  mediaType: string | null;
  /** Of an image that says how large it is; null for everything else. */
  picture: Picture | null;
  /** Makes a file of it; durable when it resolves. @throws DomainError `files-unavailable` */
  keep(): Promise<void>;
  /** Removes it, kept or not. @throws DomainError `files-unavailable` */
  drop(): Promise<void>;
};
/** What an image says of itself before it is decoded, in pixels. */
export type Picture = { width: number; height: number; frames: number };

/** Reads what images say of themselves. */
export interface Pictures {
  /** Null for what is no image, or none that can be read. */
  read(bytes: Uint8Array): Promise<Picture | null>;
}

/** Fetches images from addresses that users name, and from no address that is not everybody's. */
export interface RemoteImages {
  /** @throws DomainError `image-not-fetched`, whatever the reason; the signal's reason when it aborts */
  fetch(url: string, signal: AbortSignal): Promise<{ mediaType: string; bytes: Uint8Array }>;
  /** Ends what is still open. */
  close(): Promise<void>;
}

/** Reads the words of files, for those who cannot look at them. */
export interface TextReader {
  /** `open` is called where the words are not known yet. Rejects only where the bytes cannot be had. */
  read(
    file: Pick<Attachment, 'mediaType' | 'sizeBytes' | 'sha256'>,
    open: () => Promise<AsyncIterable<Uint8Array>>,
  ): Promise<FileText>;
}
/** The beginning of a text is all that is given of a long one. `no-text`: it is of a kind that has no words. */
export type FileText =
  | { text: string; isCut: boolean }
  | { unreadable: 'no-text' | 'empty' | 'encrypted' | 'broken' | 'too-costly' };

/** What use cases write to the log. Never message text, names or credentials. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
