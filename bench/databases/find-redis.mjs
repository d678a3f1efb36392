import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

const variable = 'TEST_REDIS_URL';
const url = process.env[variable] ?? 'redis://127.0.0.1:6379';

/** Whether a Redis answers; where none does, that is said. @param {import('../processes/context.mjs').Context} context */
export async function findRedis(context) {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  let why = '';
  redis.on('error', ({ message }) => (why = message));
  try {
    await redis.connect();
    return true;
  } catch {
    const { host } = new URL(url);
    context.remark(`Nothing was measured without Redis: at ${host} (${variable}), ${why}.`);
    return false;
  } finally {
    redis.disconnect();
  }
}

/** What has servers meet there, and nobody else. */
export const redisEnv = () => ({ REDIS_URL: url, REDIS_PREFIX: `parlance-bench-${randomUUID()}:` });
