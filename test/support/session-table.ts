import type { SessionTable, Store } from '../../src/core/store.ts';

/** The real store, but for some methods of its table of logins outside of transactions. */
export function withSessionTable(
  store: Store,
  changes: (real: SessionTable) => Partial<SessionTable>,
): Store {
  const real = store.sessions;
  const sessions: SessionTable = {
    insert: (session) => real.insert(session),
    lock: (uuid) => real.lock(uuid),
    find: (uuid) => real.find(uuid),
    findBySecret: (secretHash) => real.findBySecret(secretHash),
    update: (id, patch) => real.update(id, patch),
    end: (id, at) => real.end(id, at),
    endAll: (userId, except, at) => real.endAll(userId, except, at),
    endOldest: (userId, left, at) => real.endOldest(userId, left, at),
    endedSince: (at) => real.endedSince(at),
    purge: (before, limit) => real.purge(before, limit),
    ...changes(real),
  };
  return { ...store, sessions };
}
