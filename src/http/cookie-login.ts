import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import type { User } from '../core/users/user.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

type Sessions = Pick<Core['sessions'], 'openCookie' | 'checkCookie' | 'close'>;

/**
 * Signs a browser in with a new secret, and ends the login whose cookie it sent: nobody goes on with a secret from before.
 * It lives so long after its last use; without a lifetime, as long as the core says. The route needs `trustedOriginOnly`.
 * @throws DomainError `user-disabled`
 */
export async function openCookieLogin(
  sessions: Sessions,
  reply: FastifyReply,
  { user, lifetimeMs }: { user: User; lifetimeMs?: number },
): Promise<void> {
  const { secret } = await sessions.openCookie(user, lifetimeMs);
  await closeFormer(sessions, reply.request);
  setSessionCookie(reply, secret);
}

async function closeFormer(sessions: Sessions, request: FastifyRequest): Promise<void> {
  const secret = readSessionCookie(request);
  if (secret === undefined) return;
  try {
    await sessions.close(await sessions.checkCookie(secret));
  } catch (thrown) {
    // One that has ended needs no end.
    const isOver = thrown instanceof DomainError && ['session-ended', 'user-disabled'].includes(thrown.code);
    if (!isOver) throw thrown;
  }
}

/** Ends the login that asks, and makes its browser forget it. */
export async function closeCookieLogin(sessions: Sessions, reply: FastifyReply): Promise<void> {
  await sessions.close(reply.request.actor);
  if (readSessionCookie(reply.request) !== undefined) clearSessionCookie(reply);
}
