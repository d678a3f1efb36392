import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import { assertTrustedOrigin } from './origins.ts';
import type { Access } from './route-policy.ts';
import { readSessionCookie } from './session-cookie.ts';

/** `bearer`: an access token in the Authorization header. `cookie`: the secret in the session cookie. */
export type CredentialKind = 'bearer' | 'cookie';
export type AuthenticationOptions = { core: Pick<Core, 'sessions'>; accepts: readonly CredentialKind[] };

/**
 * Makes every route of a scope know who is asking, by its `config.access`: `user` routes refuse the unknown, `optional` ones take
 * them as nobody, `open` ones do not look. Where a request carries a header and a cookie, the header decides.
 * A cookie is believed only from a trusted origin where the method changes something.
 * Refusals are `credentials-missing`, `token-*`, `session-ended`, `user-disabled`, `origin-refused`.
 */
export function authenticateRoutes(scope: FastifyInstance, options: AuthenticationOptions): void {
  scope.addHook('onRequest', (request, _reply, done) => {
    // A request that met no route has no policy.
    const access: Access | undefined = request.routeOptions.config.access;
    if (access === undefined || access === 'open') return done();
    findActor(request, options).then(
      (actor) => {
        request.signedIn = actor;
        done();
      },
      (thrown: Error) => (access === 'optional' && isRefusal(thrown) ? done() : done(thrown)),
    );
  });
}

/** Who a request speaks for, by its first accepted credential. */
async function findActor(request: FastifyRequest, { core, accepts }: AuthenticationOptions): Promise<Actor> {
  const { authorization } = request.headers;
  if (authorization !== undefined && accepts.includes('bearer')) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (token === undefined) throw new DomainError('token-invalid');
    return core.sessions.checkToken(token);
  }
  const secret = accepts.includes('cookie') ? readSessionCookie(request) : undefined;
  if (secret === undefined) throw new DomainError('credentials-missing');
  if (!isSafe(request.method)) assertTrustedOrigin(request);
  return core.sessions.checkCookie(secret);
}

const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
const isRefusal = (thrown: unknown) =>
  thrown instanceof DomainError && (thrown.kind === 'unauthenticated' || thrown.kind === 'forbidden');
