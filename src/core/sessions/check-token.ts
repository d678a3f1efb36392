import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor, TokenClaims } from '../ports.ts';
import { isFirstUse, isLivingGeneration } from './pair-generation.ts';
import { requireLiving } from './require-living.ts';
import type { SessionCache } from './session-cache.ts';
import type { Session } from './session.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'tokens'> & { cache: SessionCache };

/**
 * Who an access token speaks for. Costs no SQL for a login that was seen lately; the first use of a new pair is stored, and ends the
 * pair before it. @throws DomainError `token-invalid`, `token-expired`, `session-ended`, `user-disabled`
 */
export async function checkToken(deps: Deps, accessToken: string): Promise<Actor> {
  const claims = await deps.tokens.verify(accessToken, 'access');
  const session = await currentSession(deps, claims);
  if (!isLivingGeneration(session, claims.generation)) throw new DomainError('session-ended');
  if (isFirstUse(session, claims.generation)) await storeFirstUse(deps, claims);
  return { userId: session.userId, sessionId: session.id };
}

async function currentSession({ store, clock, cache }: Deps, claims: TokenClaims): Promise<Session> {
  const load = () => store.sessions.find(claims.session);
  const { session } = requireLiving(await cache.read(claims.session, load), clock());
  if (claims.generation <= session.generation) return session;
  // The pair was renewed by another process since this one read it.
  cache.forget(claims.session);
  return requireLiving(await cache.read(claims.session, load), clock()).session;
}

async function storeFirstUse(
  { store, clock, cache }: Deps,
  { session: uuid, generation }: TokenClaims,
): Promise<void> {
  const session = await store.transaction(async ({ sessions }) => {
    await sessions.lock(uuid);
    const found = requireLiving(await sessions.find(uuid), clock()).session;
    if (!isLivingGeneration(found, generation)) throw new DomainError('session-ended');
    if (!isFirstUse(found, generation)) return found;
    await sessions.update(found.id, { usedGeneration: generation });
    return { ...found, usedGeneration: generation };
  });
  cache.update(session);
}
