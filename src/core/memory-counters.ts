import { BoundedMap } from './bounded-map.ts';
import type { Counters } from './ports.ts';

/** What one kind of counter may hold; at some 200 bytes each. */
const capacity = 50_000;

type Entry = { count: number; endsAt: number };

/**
 * Counters of this process alone. Each kind (the part of a key before its first colon) has a bound of its own and forgets what was
 * counted least recently, so that a flood of addresses does not push out what is known of accounts.
 */
export function createMemoryCounters(clock: () => Date, bound = capacity): Counters {
  const kinds = new Map<string, BoundedMap<string, Entry>>();

  const entriesOf = (key: string): BoundedMap<string, Entry> => {
    const kind = key.slice(0, key.indexOf(':'));
    let entries = kinds.get(kind);
    if (!entries) kinds.set(kind, (entries = new BoundedMap(bound)));
    return entries;
  };
  const living = (key: string, now: number): Entry | undefined => {
    const entry = entriesOf(key).get(key);
    return entry !== undefined && entry.endsAt > now ? entry : undefined;
  };

  return {
    async add(key, { windowMs, amount = 1 }) {
      const now = clock().getTime();
      const entry = living(key, now) ?? { count: 0, endsAt: now + windowMs };
      entry.count = Math.max(0, entry.count + amount);
      entriesOf(key).set(key, entry);
      return { count: entry.count, endsInMs: entry.endsAt - now };
    },
    async read(key) {
      return living(key, clock().getTime())?.count ?? 0;
    },
    async forget(key) {
      entriesOf(key).delete(key);
    },
  };
}
