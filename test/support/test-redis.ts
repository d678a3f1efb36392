import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

/** The Redis of the tests. */
export const testRedisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** Why the tests that need a Redis are left out; undefined where one answers. @throws Error where CI has none */
export async function missingRedis(): Promise<string | undefined> {
  const redis = new Redis(testRedisUrl, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    return undefined;
  } catch (cause) {
    const sentence = `no Redis answers at ${testRedisUrl} (TEST_REDIS_URL)`;
    if (process.env['CI']) throw new Error(sentence, { cause });
    return sentence;
  } finally {
    redis.disconnect();
  }
}

/** What keeps the keys and channels of one test from those of others. */
export const newPrefix = (): string => `parlance-test-${randomUUID()}:`;
