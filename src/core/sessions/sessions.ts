import type { Sessions } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { checkCookie } from './check-cookie.ts';
import { checkToken } from './check-token.ts';
import { closeAllSessions } from './close-all-sessions.ts';
import { closeSession } from './close-session.ts';
import { openAccess } from './open-access.ts';
import { openCookie } from './open-cookie.ts';
import { openPair } from './open-pair.ts';
import { refreshPair } from './refresh-pair.ts';
import { createSessionCache } from './session-cache.ts';
import { createSessionWatch } from './session-watch.ts';

export type SessionsDependencies = Pick<
  CoreDependencies,
  'store' | 'clock' | 'tokens' | 'fanout' | 'log' | 'lifetimes'
>;

export type WatchedSessions = Sessions & {
  /** Looks for logins that other processes have ended, every half a second unless told otherwise, until stopped. */
  startWatch(pollMs?: number): { stop(): Promise<void> };
};

/** Everything that the product does with logins. */
export function createSessions(dependencies: SessionsDependencies): WatchedSessions {
  const cache = createSessionCache(dependencies.clock);
  const deps = { ...dependencies, cache };
  const watch = createSessionWatch(deps);
  return {
    openCookie: (user, lifetimeMs) => openCookie(deps, user, lifetimeMs),
    openAccess: (user) => openAccess(deps, user),
    openPair: (user) => openPair(deps, user),
    checkToken: (accessToken) => checkToken(deps, accessToken),
    checkCookie: (secret) => checkCookie(deps, secret),
    refresh: (refreshToken) => refreshPair(deps, refreshToken),
    close: (actor) => closeSession(deps, actor),
    closeAll: (actor, options) => closeAllSessions(deps, actor, options),
    onEnd: (sessionId, listener) => watch.onEnd(sessionId, listener),
    startWatch: (pollMs) => watch.start(pollMs),
  };
}
