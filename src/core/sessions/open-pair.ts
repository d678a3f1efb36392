import type { TokenPair } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { User } from '../users/user.ts';
import { openSession } from './open-session.ts';
import { signPair } from './sign-pair.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout' | 'tokens' | 'lifetimes'>;

/** Opens a login of an access and a refresh token. @throws DomainError `user-disabled` */
export async function openPair(deps: Deps, user: User): Promise<TokenPair> {
  const lifetimeMs = deps.lifetimes.refreshLifetimeMs;
  return signPair(deps, await openSession(deps, { user, kind: 'pair', secretHash: null, lifetimeMs }));
}
