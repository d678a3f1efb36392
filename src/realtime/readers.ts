import type { Sessions } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import type { UserId } from '../core/users/user.ts';

export const transports = ['sse', 'websocket', 'socket-io'] as const;
export type Transport = (typeof transports)[number];

/** Why a reader is sent away: its login has ended, or the server stops. */
export type SentAway = 'revoked' | 'stopping';

export type Reader = { actor: Actor; transport: Transport; end(reason: SentAway): void };

/** Everybody who has a connection open to hear what happens, on whatever transport. */
export interface Readers {
  /** Lets a reader in and returns its leave. @throws DomainError `too-many-readers`, `server-stopping` */
  enter(reader: Reader): () => void;
  count(transport: Transport): number;
  /** Sends every reader away and lets no new one in. */
  close(): void;
}

export const defaultReadersPerUser = 50;

/** Keeps the readers of this process: bounded per user, and sent away when their login ends or the server stops. */
export function createReaders({
  sessions,
  readersPerUser = defaultReadersPerUser,
}: {
  sessions: Pick<Sessions, 'onEnd'>;
  readersPerUser?: number;
}): Readers {
  const readers = new Set<Reader>();
  const perUser = new Map<UserId, number>();
  let closed = false;

  const leave = (reader: Reader): void => {
    if (!readers.delete(reader)) return;
    const others = (perUser.get(reader.actor.userId) ?? 1) - 1;
    if (others > 0) perUser.set(reader.actor.userId, others);
    else perUser.delete(reader.actor.userId);
  };

  return {
    enter(reader) {
      if (closed) throw new DomainError('server-stopping', { retryAfterSeconds: 1 });
      const { sessionId, userId } = reader.actor;
      const others = perUser.get(userId) ?? 0;
      if (others >= readersPerUser) throw new DomainError('too-many-readers', { retryAfterSeconds: 1 });
      perUser.set(userId, others + 1);
      readers.add(reader);
      const unsubscribe = sessions.onEnd(sessionId, () => reader.end('revoked'));
      return () => {
        unsubscribe();
        leave(reader);
      };
    },
    count: (transport) => [...readers].filter((reader) => reader.transport === transport).length,
    close() {
      closed = true;
      for (const reader of readers) reader.end('stopping');
    },
  };
}
