import type { Redis } from 'ioredis';
import type { Counters, Log } from '../core/ports.ts';
import type { RedisConnections } from './open-redis.ts';

/** In one step, so that a key never stays without its end. Gives the count and the milliseconds left. */
const addScript = `
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if count < 0 then
  redis.call('SET', KEYS[1], 0, 'KEEPTTL')
  count = 0
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {count, left}`;

type WithAdd = Redis & {
  parlanceAdd(key: string, amount: number, windowMs: number): Promise<[number, number]>;
};

/**
 * Counters that all processes share. While Redis is away each process counts for itself, so that limits become looser but never go, and
 * nobody is kept from working.
 */
export function createRedisCounters(
  { commands, prefix }: RedisConnections,
  { inReserve, log }: { inReserve: Counters; log: Log },
): Counters {
  commands.defineCommand('parlanceAdd', { numberOfKeys: 1, lua: addScript });
  const scripted = commands as WithAdd;
  const keyOf = (key: string) => `${prefix}count:${key}`;
  let isAway = false;

  const shared = async <Result>(
    ask: () => Promise<Result>,
    instead: () => Promise<Result>,
  ): Promise<Result> => {
    try {
      const result = await ask();
      isAway = false;
      return result;
    } catch (error) {
      if (!isAway) log.warn({ err: error }, 'limits are counted by each process for itself');
      isAway = true;
      return instead();
    }
  };

  return {
    add: (key, { windowMs, amount = 1 }) =>
      shared(
        async () => {
          const [count, endsInMs] = await scripted.parlanceAdd(keyOf(key), amount, windowMs);
          return { count, endsInMs };
        },
        () => inReserve.add(key, { windowMs, amount }),
      ),
    read: (key) =>
      shared(
        async () => Number((await commands.get(keyOf(key))) ?? 0),
        () => inReserve.read(key),
      ),
    forget: (key) =>
      shared(
        async () => void (await commands.del(keyOf(key))),
        () => inReserve.forget(key),
      ),
  };
}
