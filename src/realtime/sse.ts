import type { Sessions } from '../core/core.ts';
import { createReaders, defaultReadersPerUser, type Readers } from './readers.ts';
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
  streamsPerUser: defaultReadersPerUser,
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
  /** The readers of all transports; without them the streams are bounded by themselves. */
  readers?: Readers;
  limits?: Partial<typeof defaultSseLimits>;
  timers?: Timers;
}): SseStreams {
  const limits = { ...defaultSseLimits, ...options.limits };
  const timers = options.timers ?? globalThis;
  const { sessions } = options;
  const readers = options.readers ?? createReaders({ sessions, readersPerUser: limits.streamsPerUser });

  return {
    async open(stream) {
      const connection = new SseConnection(stream, { limits, timers });
      const leave = readers.enter({
        actor: stream.actor,
        transport: 'sse',
        end: (reason) => connection.finish({ reason }),
      });
      try {
        return await connection.run();
      } finally {
        leave();
      }
    },
    count: () => readers.count('sse'),
    close: () => readers.close(),
  };
}
