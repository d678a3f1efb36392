import { BoundedMap } from '../bounded-map.ts';
import type { SessionWithUser } from '../store.ts';
import { isLiving } from './require-living.ts';
import type { Session, SessionId } from './session.ts';

const capacity = 10_000;
/** Read afresh after so long, whatever was or was not heard of it. */
const freshMs = 30_000;
/** Longer than any read of a row takes: one that began before the login ended must not bring it back. */
const rememberEndMs = 60_000;

type Entry = SessionWithUser & { readAt: number };

export type SessionCache = {
  /** What is known under a key (a UUID or a secret's hash), or else what `load` finds. */
  read(key: string, load: () => Promise<SessionWithUser | undefined>): Promise<SessionWithUser | undefined>;
  /** Takes over what was just committed, where the login is known. */
  update(session: Session): void;
  /** Makes the next read of a key load it. */
  forget(key: string): void;
  peek(id: SessionId): Session | undefined;
  end(ids: readonly SessionId[]): void;
  hasEnded(id: SessionId): boolean;
  /** Lets go of ends that are long past. */
  tidy(): void;
};

/** Living logins, so that a request need not ask the database who is asking. Whoever ends a login has it ended here. */
export function createSessionCache(clock: () => Date): SessionCache {
  const entries = new BoundedMap<string, Entry>(capacity);
  const keyOf = new Map<SessionId, string>();
  const ended = new Map<SessionId, number>();

  const forget = (key: string) => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    keyOf.delete(entry.session.id);
  };

  const remember = (key: string, found: SessionWithUser) => {
    keyOf.set(found.session.id, key);
    const forgotten = entries.set(key, { ...found, readAt: clock().getTime() });
    if (forgotten) keyOf.delete(forgotten[1].session.id);
  };

  return {
    async read(key, load) {
      const entry = entries.get(key);
      if (entry && Math.abs(clock().getTime() - entry.readAt) < freshMs) return entry;
      const found = await load();
      if (found && isLiving(found, clock()) && !ended.has(found.session.id)) remember(key, found);
      else forget(key);
      return found;
    },
    update(session) {
      const key = keyOf.get(session.id);
      const entry = key === undefined ? undefined : entries.get(key);
      if (key !== undefined && entry) remember(key, { session, user: entry.user });
    },
    forget,
    peek(id) {
      const key = keyOf.get(id);
      return key === undefined ? undefined : entries.get(key)?.session;
    },
    end(ids) {
      for (const id of ids) {
        ended.set(id, clock().getTime());
        const key = keyOf.get(id);
        if (key !== undefined) forget(key);
      }
    },
    hasEnded: (id) => ended.has(id),
    tidy() {
      const past = clock().getTime() - rememberEndMs;
      for (const [id, at] of ended) if (at < past) ended.delete(id);
    },
  };
}
