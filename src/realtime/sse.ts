import type { Sessions } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import type { UserId } from '../core/users/user.ts';
import {
  SseConnection,
  type SseEnding,
  type SseLimits,
  type SseStream,
  type Timers,
} from './sse-connection.ts';

export const defaultSseLimits: SseLimits & { streamsPerUser: number } = {
  heartbeatMs: 15_000,
  stallMs: 30_000,
  batchLength: 64 * 1024,
  retryMs: 1_000,
  streamsPerUser: 50,
};

/** The open streams of this process. */
export interface SseStreams {
  /**
   * Writes the events until one of the endings, which it resolves with. What fails before the head is thrown instead.
   * @throws DomainError `too-many-readers`, `session-ended`, `server-stopping`, and whatever the first pull throws
   */
  open(stream: SseStream): Promise<SseEnding>;
  /** How many are open. */
  count(): number;
  /** Ends every stream with a hint to come back, and refuses new ones. */
  close(): void;
}

/** Keeps the streams: bounded per user, cut when their login ends, ended when the server stops. */
export function createSseStreams(options: {
  sessions: Pick<Sessions, 'onEnd'>;
  limits?: Partial<typeof defaultSseLimits>;
  timers?: Timers;
}): SseStreams {
  const limits = { ...defaultSseLimits, ...options.limits };
  const timers = options.timers ?? globalThis;
  const connections = new Set<SseConnection>();
  const perUser = new Map<UserId, number>();
  let closed = false;

  const leave = (userId: UserId): void => {
    const others = (perUser.get(userId) ?? 1) - 1;
    if (others > 0) perUser.set(userId, others);
    else perUser.delete(userId);
  };

  return {
    async open(stream) {
      const { sessionId, userId } = stream.actor;
      if (closed) throw new DomainError('server-stopping', { retryAfterSeconds: 1 });
      const others = perUser.get(userId) ?? 0;
      if (others >= limits.streamsPerUser)
        throw new DomainError('too-many-readers', { retryAfterSeconds: 1 });

      const connection = new SseConnection(stream, { limits, timers });
      perUser.set(userId, others + 1);
      connections.add(connection);
      const unsubscribe = options.sessions.onEnd(sessionId, () => connection.finish({ reason: 'revoked' }));
      try {
        return await connection.run();
      } finally {
        unsubscribe();
        connections.delete(connection);
        leave(userId);
      }
    },
    count: () => connections.size,
    close() {
      closed = true;
      for (const connection of connections) connection.finish({ reason: 'stopping' });
    },
  };
}
