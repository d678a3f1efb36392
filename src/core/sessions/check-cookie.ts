import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { hashCookieSecret } from './cookie-secret.ts';
import { requireLiving } from './require-living.ts';
import type { SessionCache } from './session-cache.ts';
import type { Session } from './session.ts';

/** A login that is in use is prolonged, and that is stored so often at most. */
const renewalMs = 60_000;

type Deps = Pick<CoreDependencies, 'store' | 'clock'> & { cache: SessionCache };

/**
 * Who a cookie's secret speaks for. Costs no SQL for a login that was seen lately, but a write a minute, which prolongs it.
 * @throws DomainError `session-ended`, `user-disabled`
 */
export async function checkCookie(deps: Deps, secret: string): Promise<Actor> {
  const secretHash = hashCookieSecret(secret);
  if (secretHash === undefined) throw new DomainError('session-ended');
  const load = () => deps.store.sessions.findBySecret(secretHash);
  const { session } = requireLiving(await deps.cache.read(secretHash, load), deps.clock());
  await renew(deps, session);
  return { userId: session.userId, sessionId: session.id };
}

async function renew({ store, clock, cache }: Deps, found: Session): Promise<void> {
  // Another request may have prolonged it since this one read it.
  const session = cache.peek(found.id) ?? found;
  const expiresAt = new Date(clock().getTime() + session.lifetimeMs);
  if (expiresAt.getTime() - session.expiresAt.getTime() < renewalMs) return;
  // Before it is stored: of many requests at once, one writes.
  cache.update({ ...session, expiresAt });
  try {
    await store.transaction(({ sessions }) => sessions.update(session.id, { expiresAt }));
  } catch (error) {
    cache.update(session);
    throw error;
  }
}
