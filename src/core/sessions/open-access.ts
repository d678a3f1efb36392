import type { CoreDependencies } from '../dependencies.ts';
import type { User } from '../users/user.ts';
import { openSession } from './open-session.ts';
import type { Session } from './session.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout' | 'tokens' | 'lifetimes'>;

/** Opens a login of one JWT that lives as long as the login. @throws DomainError `user-disabled` */
export async function openAccess(deps: Deps, user: User): Promise<{ session: Session; accessToken: string }> {
  const lifetimeMs = deps.lifetimes.accessLifetimeMs;
  const session = await openSession(deps, { user, kind: 'access', secretHash: null, lifetimeMs });
  const accessToken = await deps.tokens.sign({
    purpose: 'access',
    session: session.uuid,
    generation: session.generation,
    expiresAt: session.expiresAt,
  });
  return { session, accessToken };
}
