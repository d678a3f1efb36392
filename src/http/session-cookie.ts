import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The one cookie of every browser login, whichever API opened it. Over https its name makes browsers refuse one that came over plain
 * http or from a neighbouring host name, and only that name is read there.
 */
const nameFor = (request: FastifyRequest) => (isSecure(request) ? '__Host-session' : 'session');
const isSecure = (request: FastifyRequest) => request.protocol === 'https';

const patterns = {
  session: /(?:^|;)\s*session=("?)([^;"\s]{1,512})\1\s*(?:;|$)/,
  '__Host-session': /(?:^|;)\s*__Host-session=("?)([^;"\s]{1,512})\1\s*(?:;|$)/,
};

/** The secret of the session cookie, or undefined. */
export function readSessionCookie(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : patterns[nameFor(request)].exec(cookie)?.[2];
}

/**
 * The same of a handshake that never becomes a request of the framework, and does not tell how it came: the name that only https can
 * have set goes first.
 */
export function readHandshakeCookie({ cookie }: IncomingHttpHeaders): string | undefined {
  if (cookie === undefined) return undefined;
  return (patterns['__Host-session'].exec(cookie) ?? patterns.session.exec(cookie))?.[2];
}

/** Hands the browser its login. It lives as long as the browser does; the server ends it earlier when it is not used. */
export function setSessionCookie(reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', cookieOf(reply.request, secret));
}

/** Makes the browser forget its login. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', cookieOf(reply.request, '; Max-Age=0'));
}

const cookieOf = (request: FastifyRequest, value: string) =>
  `${nameFor(request)}=${value}; Path=/; HttpOnly; SameSite=Lax${isSecure(request) ? '; Secure' : ''}`;
