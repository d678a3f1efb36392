import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import { assertTrustedOrigin } from './origins.ts';
import { readSessionCookie } from './session-cookie.ts';

/** `bearer`: an access token in the Authorization header. `cookie`: the secret in the session cookie. */
export type CredentialKind = 'bearer' | 'cookie';
export type AuthenticationOptions = { core: Pick<Core, 'sessions'>; accepts: readonly CredentialKind[] };

/**
 * Makes every route of a scope know who is asking, by its `config.access`: `user` routes refuse the unknown, `optional` ones take
 * them as nobody, `open` ones do not look. Where a request carries a header and a cookie, the header decides.
 * A cookie is believed only from a trusted origin where the method changes something; `config.trustedOriginOnly` wants one always.
 * Refusals are `credentials-missing`, `token-*`, `session-ended`, `user-disabled`, `origin-refused`.
 */
export function authenticateRoutes(scope: FastifyInstance, options: AuthenticationOptions): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    // A request that met no route has no policy.
    const policy: Partial<FastifyContextConfig> = request.routeOptions.config;
    const { access, trustedOriginOnly = false } = policy;
    if (access === undefined || (access === 'open' && !trustedOriginOnly)) return done();
    admit(request, { access, trustedOriginOnly }, options).then(() => done(), done);
  });
}

type Policy = Required<Pick<FastifyContextConfig, 'access' | 'trustedOriginOnly'>>;

async function admit(request: FastifyRequest, policy: Policy, options: AuthenticationOptions): Promise<void> {
  if (policy.trustedOriginOnly) assertTrustedOrigin(request);
  if (policy.access === 'open') return;
  try {
    request.signedIn = await findActor(request, options);
  } catch (thrown) {
    if (policy.access !== 'optional' || !isRefusal(thrown)) throw thrown;
  }
}

/** Who a request speaks for, by its first accepted credential. */
async function findActor(request: FastifyRequest, { core, accepts }: AuthenticationOptions): Promise<Actor> {
  const secret = accepts.includes('cookie') ? readSessionCookie(request) : undefined;
  const { authorization } = request.headers;
  // A proxy may want a header of another scheme for itself, beside the cookie.
  const isOurs = authorization !== undefined && (secret === undefined || /^Bearer\b/i.test(authorization));
  if (isOurs && accepts.includes('bearer')) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (token === undefined) throw new DomainError('token-invalid');
    return core.sessions.checkToken(token);
  }
  if (secret === undefined) throw new DomainError('credentials-missing');
  if (!isSafe(request.method)) assertTrustedOrigin(request);
  return core.sessions.checkCookie(secret);
}

const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
const isRefusal = (thrown: unknown) =>
  thrown instanceof DomainError && (thrown.kind === 'unauthenticated' || thrown.kind === 'forbidden');
