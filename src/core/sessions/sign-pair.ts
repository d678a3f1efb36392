import type { TokenPair } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Session } from './session.ts';

type Deps = Pick<CoreDependencies, 'clock' | 'tokens' | 'lifetimes'>;

/** The tokens of a login's current generation. The access token lives shorter, and never longer than the login. */
export async function signPair({ clock, tokens, lifetimes }: Deps, session: Session): Promise<TokenPair> {
  const { uuid, generation, expiresAt } = session;
  const soonest = Math.min(clock().getTime() + lifetimes.pairAccessLifetimeMs, expiresAt.getTime());
  const accessExpiresAt = new Date(soonest);
  const [accessToken, refreshToken] = await Promise.all([
    tokens.sign({ purpose: 'access', session: uuid, generation, expiresAt: accessExpiresAt }),
    tokens.sign({ purpose: 'refresh', session: uuid, generation, expiresAt }),
  ]);
  return { session, accessToken, refreshToken, accessExpiresAt };
}
