import type { TokenPair } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { TokenClaims } from '../ports.ts';
import type { SessionTable } from '../store.ts';
import { isLivingGeneration } from './pair-generation.ts';
import { isLiving } from './require-living.ts';
import type { SessionCache } from './session-cache.ts';
import type { Session } from './session.ts';
import { signPair } from './sign-pair.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'tokens' | 'fanout' | 'log' | 'lifetimes'> & {
  cache: SessionCache;
};
type Outcome = { pair: Session } | { reused: Session } | { ended: true };

/**
 * A new pair for a refresh token. Asked again with the same token, by a retry or by many tabs at once, it gives the same generation
 * again, until an access token of that has been used; from then on the old token ends the login, since two parties hold it.
 * @throws DomainError `token-invalid`, `token-expired`, `session-ended`
 */
export async function refreshPair(deps: Deps, refreshToken: string): Promise<TokenPair> {
  const claims = await deps.tokens.verify(refreshToken, 'refresh');
  const outcome = await deps.store.transaction(({ sessions }) => rotate(deps, sessions, claims));
  if ('reused' in outcome) {
    deps.fanout.publishEnded([outcome.reused.id]);
    const { id: sessionId, userId } = outcome.reused;
    deps.log.warn({ sessionId, userId }, 'a refresh token was used again; its login has ended');
  }
  if (!('pair' in outcome)) throw new DomainError('session-ended');
  deps.cache.update(outcome.pair);
  return signPair(deps, outcome.pair);
}

/** Does not throw where it ends a login: that would take the end back. */
async function rotate(deps: Deps, sessions: SessionTable, claims: TokenClaims): Promise<Outcome> {
  const at = deps.clock();
  await sessions.lock(claims.session);
  const found = await sessions.find(claims.session);
  if (!found || !isLiving(found, at) || found.session.kind !== 'pair') return { ended: true };

  const { session } = found;
  if (!isLivingGeneration(session, claims.generation)) {
    await sessions.end(session.id, at);
    return { reused: session };
  }
  if (claims.generation < session.generation) return { pair: session };

  const generation = session.generation + 1;
  const expiresAt = new Date(at.getTime() + deps.lifetimes.refreshLifetimeMs);
  await sessions.update(session.id, { generation, expiresAt });
  return { pair: { ...session, generation, expiresAt } };
}
