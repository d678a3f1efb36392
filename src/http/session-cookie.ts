import type { FastifyReply, FastifyRequest } from 'fastify';

/** The one cookie of every browser login, whichever API opened it. */
const sessionCookieName = 'session';

const pattern = new RegExp(`(?:^|;)\\s*${sessionCookieName}=("?)([^;"\\s]{1,512})\\1\\s*(?:;|$)`);

/** The secret of the session cookie, or undefined. */
export function readSessionCookie(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : pattern.exec(cookie)?.[2];
}

/** Hands the browser its login. It lives as long as the browser does; the server ends it earlier when it is not used. */
export function setSessionCookie(reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', `${sessionCookieName}=${secret}${attributes(reply.request)}`);
}

/** Makes the browser forget its login. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${sessionCookieName}=; Max-Age=0${attributes(reply.request)}`);
}

const attributes = (request: FastifyRequest) =>
  `; Path=/; HttpOnly; SameSite=Lax${request.protocol === 'https' ? '; Secure' : ''}`;
