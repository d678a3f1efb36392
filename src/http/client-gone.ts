import type { FastifyReply } from 'fastify';

/**
 * A signal that aborts when the client's connection closes, or the answer is complete.
 * The framework's own `request.signal` aborts as soon as a body has been read, because Node closes the request then.
 */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.closed) gone.abort();
  else reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
