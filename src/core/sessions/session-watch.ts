import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { isLiving } from './require-living.ts';
import type { SessionCache } from './session-cache.ts';
import type { Session, SessionId } from './session.ts';

const defaultPollMs = 500;
/** Looked at again and again, because an end is stored some time after its time was taken, by a clock that may be another's. */
const overlapMs = 10_000;

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout' | 'log'> & { cache: SessionCache };
type Watched = { listeners: Set<() => void>; session: Session | undefined };

export type SessionWatch = {
  /** Calls back once when the login ends or expires. Returns the unsubscribe. */
  onEnd(id: SessionId, listener: () => void): () => void;
  /** Looks once for logins that other processes have ended, and for expired ones. */
  poll(): Promise<void>;
  /** Looks every so often, half a second by default, until stopped. */
  start(pollMs?: number): { stop(): Promise<void> };
};

/**
 * Hears of ended logins at once from this process (and from whichever the fan-out reaches), and from all others by looking into the
 * database; has them dropped from the cache and tells who listens.
 */
export function createSessionWatch({ store, clock, fanout, log, cache }: Deps): SessionWatch {
  const watched = new Map<SessionId, Watched>();
  let checkedAt = clock();
  let databaseAway = false;

  const tell = (id: SessionId) => {
    const listeners = watched.get(id)?.listeners ?? [];
    watched.delete(id);
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        log.error({ err: error }, 'a listener to the end of a login failed');
      }
    }
  };

  const end = (ids: readonly SessionId[]) => {
    cache.end(ids);
    for (const id of ids) tell(id);
  };
  fanout.subscribeEnded(end);

  /** An open stream uses no credential again: somebody has to look at the clock for it. */
  const endExpired = async () => {
    const now = clock();
    for (const [id, entry] of watched) {
      const session = cache.peek(id) ?? entry.session;
      if (!session || session.expiresAt > now) continue;
      // Another process may have prolonged it.
      const found = await store.sessions.find(session.uuid);
      if (!found || !isLiving(found, now)) {
        end([id]);
        continue;
      }
      entry.session = found.session;
      cache.update(found.session);
    }
  };

  const poll = async () => {
    const now = clock();
    try {
      end(await store.sessions.endedSince(new Date(checkedAt.getTime() - overlapMs)));
      await endExpired();
      checkedAt = now;
      databaseAway = false;
    } catch (thrown) {
      // What ended meanwhile is found by the first look that succeeds.
      const error = DomainError.from(thrown);
      if (!databaseAway) log.warn({ code: error.code, err: error.cause }, 'cannot look for ended logins');
      databaseAway = true;
    }
    cache.tidy();
  };

  return {
    onEnd(id, listener) {
      const entry = watched.get(id) ?? { listeners: new Set(), session: cache.peek(id) };
      // A listener is a place in the set: the same function may listen twice.
      const place = () => listener();
      entry.listeners.add(place);
      watched.set(id, entry);
      // It ended between the check of its credential and now.
      if (cache.hasEnded(id)) queueMicrotask(() => tell(id));
      return () => {
        entry.listeners.delete(place);
        if (entry.listeners.size === 0 && watched.get(id) === entry) watched.delete(id);
      };
    },
    poll,
    start(pollMs = defaultPollMs) {
      let polling: Promise<void> | undefined;
      const timer = setInterval(() => {
        polling ??= poll().finally(() => (polling = undefined));
      }, pollMs);
      timer.unref();
      return {
        async stop() {
          clearInterval(timer);
          await polling;
        },
      };
    },
  };
}
