import type { UserId } from '../users/user.ts';

export type SessionId = number & { readonly brand: 'SessionId' };
export type SessionUuid = string & { readonly brand: 'SessionUuid' };

/** `cookie`: an opaque secret in a browser cookie. `access`: one long-lived JWT. `pair`: access and refresh JWTs. */
export type SessionKind = 'cookie' | 'access' | 'pair';

/** A login. Every credential names its row, and is worth nothing once the row has ended or expired. */
export type Session = {
  id: SessionId;
  uuid: SessionUuid;
  userId: UserId;
  kind: SessionKind;
  /** The living pair of a `pair` session; 0 for the other kinds. */
  generation: number;
  /** The newest generation whose access token has been used. */
  usedGeneration: number;
  createdAt: Date;
  expiresAt: Date;
  /** How long it lives; a cookie's is counted from its last use. */
  lifetimeMs: number;
  endedAt: Date | null;
};
