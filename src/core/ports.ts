import type { AttachmentUuid } from './attachments/attachment.ts';
import type { FeedEntry, TextDelta, Typing } from './events.ts';
import type { SessionId, SessionUuid } from './sessions/session.ts';
import type { UserId } from './users/user.ts';

/** Who is asking, and with which login. Built by the one authentication, trusted by the core. */
export type Actor = { userId: UserId; sessionId: SessionId };

/** Carries what was committed to whoever listens in this process (and, over Redis, in others). It may lose; the feed does not. */
export interface Fanout {
  publish(userId: UserId, event: FanoutEvent): void;
  /** Returns the unsubscribe. */
  subscribe(userId: UserId, listener: (event: FanoutEvent) => void): () => void;
  /** Tells every process that logins have ended. */
  publishEnded(sessionIds: readonly SessionId[]): void;
  subscribeEnded(listener: (sessionIds: readonly SessionId[]) => void): () => void;
}
export type FanoutEvent = ({ type: 'change' } & FeedEntry) | TextDelta | Typing;

export interface PasswordHasher {
  /** @throws DomainError `server-busy` when too many wait already */
  hash(password: string): Promise<string>;
  /** `rehash`: the stored form is outdated and should be replaced. @throws DomainError `server-busy` */
  verify(stored: string, password: string): Promise<{ ok: boolean; rehash: boolean }>;
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
   * @throws DomainError `file-too-large`, `storage-unavailable`; whatever the bytes throw
   */
  draft(
    uuid: AttachmentUuid,
    input: { bytes: AsyncIterable<Uint8Array>; limitBytes: number },
  ): Promise<FileDraft>;
  /** Undefined where there is none. @throws DomainError `storage-unavailable` */
  read(uuid: AttachmentUuid): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Removes a file or a draft; what is not there is gone already. */
  remove(uuid: AttachmentUuid): Promise<void>;
  /** What was last written before a time, in any order. */
  list(before: Date): AsyncIterable<{ uuid: AttachmentUuid; isDraft: boolean }>;
}
export type FileDraft = {
  sizeBytes: number;
  /** In hex. */
  sha256: string;
  /** By its content; null where it says nothing. */
  mediaType: string | null;
  /** Makes a file of it; durable when it resolves. */
  keep(): Promise<void>;
};

/** What use cases write to the log. Never message text, names or credentials. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
