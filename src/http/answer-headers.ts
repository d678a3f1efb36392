import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import { ownersOf, pathOf } from './prefixes.ts';

/** On every answer. Nothing that an API says may run, be framed, be sniffed or be kept; pages loosen what they need. */
export const constantHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  vary: 'Origin',
};

const exposedHeaders = [
  'retry-after, x-request-id, etag, location, allow',
  'ratelimit, ratelimit-policy, ratelimit-limit, ratelimit-remaining, ratelimit-reset',
].join(', ');
const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'content-type, authorization, idempotency-key, last-event-id, if-match, x-request-id',
  'access-control-max-age': '600',
};

declare module 'fastify' {
  interface FastifyInstance {
    /** True from the first moment of the shutdown on. */
    stopping: boolean;
  }
}

/**
 * One synchronous hook before everything else: the constant headers, the request id, the CORS answer (preflights end here, before
 * authentication), and the refusal of new work while the server stops.
 */
export function addAnswerHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(constantHeaders);
    reply.header('x-request-id', request.id);
    const { origin } = request.headers;
    if (origin !== undefined) {
      allowOrigin(app, request, reply);
      if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
        void reply.headers(preflightHeaders).code(204).send();
        return;
      }
    }
    if (app.stopping) {
      return done(new DomainError('server-stopping', { retryAfterSeconds: 5 }));
    }
    done();
  });
  // So that a client does not send its next request to a connection that is about to close.
  // oxlint-disable-next-line max-params -- the framework's own signature
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (app.stopping) reply.header('connection', 'close');
    done(null, payload);
  });
}

/** Tells the browser that the page may read the answer, only if it may: a foreign origin gets no header at all. */
function allowOrigin(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  const { origin = '' } = request.headers;
  if (app.origins.allows(origin)) {
    reply.header('access-control-allow-credentials', 'true');
  } else if (
    !app.origins.isLoopback(origin) ||
    !ownersOf(app.prefixes, pathOf(request.url)).some((owner) => owner.anyLoopbackPort)
  ) {
    return;
  }
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', exposedHeaders);
}
