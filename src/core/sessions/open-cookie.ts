import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { User } from '../users/user.ts';
import { hashCookieSecret, newCookieSecret } from './cookie-secret.ts';
import { openSession } from './open-session.ts';
import type { Session } from './session.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout' | 'lifetimes'>;

/** Opens a browser's login. The secret goes into the cookie and is stored as a hash only. @throws DomainError `user-disabled` */
export async function openCookie(
  deps: Deps,
  user: User,
  lifetimeMs = deps.lifetimes.cookieLifetimeMs,
): Promise<{ session: Session; secret: string }> {
  const secret = newCookieSecret();
  const secretHash = hashCookieSecret(secret);
  if (secretHash === undefined) throw new DomainError('server-error');
  const session = await openSession(deps, { user, kind: 'cookie', secretHash, lifetimeMs });
  return { session, secret };
}
