import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The one cookie of every browser login, whichever API opened it. Over https its name makes browsers refuse one that came over plain
 * http or from a neighbouring host name, and only that name is read there.
 */
const nameFor = (request: Protocol) => (isSecure(request) ? '__Host-session' : 'session');
const isSecure = ({ protocol }: Protocol) => protocol === 'https';
type Protocol = Pick<FastifyRequest, 'protocol'>;

const patterns = {
  session: /(?:^|;)\s*session=("?)([^;"\s]{1,512})\1\s*(?:;|$)/,
  '__Host-session': /(?:^|;)\s*__Host-session=("?)([^;"\s]{1,512})\1\s*(?:;|$)/,
};

/** The secret of the session cookie, or undefined. */
export function readSessionCookie(asked: Pick<FastifyRequest, 'protocol' | 'headers'>): string | undefined {
  const { cookie } = asked.headers;
  return cookie === undefined ? undefined : patterns[nameFor(asked)].exec(cookie)?.[2];
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
