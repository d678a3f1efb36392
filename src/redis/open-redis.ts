import { Redis } from 'ioredis';
import type { Log } from '../core/ports.ts';
import { explainTls } from '../tls/explain-tls.ts';
import { redisTls } from './redis-tls.ts';

export type RedisSettings = {
  /** `redis:` or `rediss:`, with user, password and number of the database where needed; TLS as in `redis-tls.ts`. */
  url: string;
  /** Stands before every key and channel, so that several installations can share one Redis. */
  prefix: string;
};

/** Two connections, since one that listens can do nothing else. */
export type RedisConnections = {
  /** For commands: they fail at once while Redis is away, so that nobody waits for it. */
  commands: Redis;
  listening: Redis;
  prefix: string;
  close(): Promise<void>;
};

// A Redis that hangs is as good as none.
const patience = { connectTimeout: 5_000, commandTimeout: 1_000, maxRetriesPerRequest: 0 };
const longestPauseMs = 1_000;

/**
 * Connects in the background, and again whenever the connection is lost: what Redis carries, the database knows as well. @throws
 * TlsFileError
 */
export function openRedis({ url, prefix }: RedisSettings, log: Log): RedisConnections {
  const tls = redisTls(new URL(url));
  const open = (more: object) =>
    new Redis(url, {
      ...patience,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), longestPauseMs),
      ...(tls ? { tls } : {}),
      ...more,
    });
  const commands = open({ enableOfflineQueue: false, enableAutoPipelining: true });
  const listening = open({ enableOfflineQueue: true, autoResubscribe: true, maxRetriesPerRequest: null });
  const unwatch = watch(commands, log);
  // The same troubles, told once.
  listening.on('error', () => undefined);
  return {
    commands,
    listening,
    prefix,
    async close() {
      unwatch();
      commands.disconnect();
      listening.disconnect();
    },
  };
}

/** Connects once and asks whether Redis answers. @throws TlsFileError; Error with what kept it from answering, without the password */
export async function pingRedis({ url }: Pick<RedisSettings, 'url'>): Promise<void> {
  const tls = redisTls(new URL(url));
  const once = { ...patience, lazyConnect: true, retryStrategy: () => null };
  const connection = new Redis(url, { ...once, ...(tls ? { tls } : {}) });
  let reason: unknown;
  // What is thrown says only that the connection is closed.
  connection.on('error', (error) => (reason ??= error));
  try {
    await connection.connect();
    await connection.ping();
  } catch (thrown) {
    throw explainTls(reason ?? thrown);
  } finally {
    connection.disconnect();
  }
}

/** Says when Redis goes and when it is there again, once each, until what it gives is called: whoever leaves misses nobody. */
function watch(connection: Redis, log: Log): () => void {
  let isAway = false;
  let isLeft = false;
  connection.on('error', (error) => {
    // The URL with its password is in no error of the network.
    if (!isAway && !isLeft)
      log.warn(
        { err: explainTls(error) },
        'Redis cannot be reached; other processes are heard of from the database',
      );
    isAway = true;
  });
  connection.on('ready', () => {
    if (isAway) log.info({}, 'Redis is there again');
    isAway = false;
  });
  return () => {
    isLeft = true;
  };
}
