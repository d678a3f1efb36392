import type { FastifyInstance, FastifyReply, preParsingAsyncHookHandler, RouteOptions } from 'fastify';
import { overLimit, type LimitName, type RateLimits, type Standing } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The limit that a route counts for. */
    limit?: LimitName;
  }
  interface FastifyInstance {
    /** For what is sent by other ways than a request: sockets call `take`. */
    rateLimits: RateLimits;
  }
}

/**
 * Counts every request to a route with `config.limit`, and every other that changes something for somebody signed in as `write`.
 * Refuses those over their limit with `too-many-requests` before their bodies are read. Call it on the app itself, before any route.
 */
export function limitRequests(app: FastifyInstance, limits: RateLimits): void {
  app.decorate('rateLimits', limits);
  app.addHook('onRoute', (route) => {
    const limit = route.config?.limit ?? (changesSomething(route) ? 'write' : undefined);
    if (limit === undefined) return;
    // By then whoever asks is known: that is found out in `onRequest`.
    route.preParsing = [countFor(limit, limits), ...[route.preParsing ?? []].flat()];
  });
}

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

const changesSomething = ({ method, config }: RouteOptions): boolean =>
  config?.access === 'user' && ![method].flat().every((name) => readingMethods.includes(name));

const countFor =
  (limit: LimitName, limits: RateLimits): preParsingAsyncHookHandler =>
  async ({ ip: address, signedIn }, reply, payload) => {
    const standing = await limits.count(limit, { address, userId: signedIn?.userId ?? null });
    if (standing === null) return payload;
    tell(reply, standing);
    if (standing.remaining < 0) throw overLimit(standing);
    return payload;
  };

/** By the IETF's draft (`RateLimit`, `RateLimit-Policy`), and in the three headers of its earlier versions that many clients read. */
function tell(reply: FastifyReply, { name, most, windowMs, remaining, resetMs }: Standing): void {
  const left = Math.max(0, remaining);
  const seconds = Math.ceil(resetMs / 1_000);
  reply.headers({
    'ratelimit-policy': `"${name}";q=${most};w=${Math.ceil(windowMs / 1_000)}`,
    ratelimit: `"${name}";r=${left};t=${seconds}`,
    'ratelimit-limit': String(most),
    'ratelimit-remaining': String(left),
    'ratelimit-reset': String(seconds),
  });
}
