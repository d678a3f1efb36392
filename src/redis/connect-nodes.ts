import type { Counters, Fanout, Log } from '../core/ports.ts';
import { openRedis, type RedisSettings } from './open-redis.ts';
import { createRedisCounters } from './redis-counters.ts';
import { createRedisFanout } from './redis-fan-out.ts';

export type ConnectedNodes = { fanout: Fanout; counters: Counters; close(): Promise<void> };

/** Joins this process with all others on the same Redis: what they say, and what they count. Connects in the background. */
export function connectNodes(
  settings: RedisSettings,
  { fanout: local, counters, log }: { fanout: Fanout; counters: Counters; log: Log },
): ConnectedNodes {
  const redis = openRedis(settings, log);
  const fanout = createRedisFanout({ local, redis, log });
  return {
    fanout,
    counters: createRedisCounters(redis, { inReserve: counters, log }),
    async close() {
      fanout.close();
      await redis.close();
    },
  };
}
