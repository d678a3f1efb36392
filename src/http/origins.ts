import type { FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';

export type OriginSettings = {
  /** Origins of frontends, as browsers write them: `https://chat.example.org`. */
  origins: readonly string[];
  /** Whether the server is reachable from this machine only; then the usual development ports are allowed as well. */
  loopback: boolean;
};

/** Which web origins may call, and how far they are trusted. */
export interface OriginPolicy {
  /** May read answers and send cookies. */
  allows(origin: string): boolean;
  /** A page of any port of this machine, on a server that is reachable from this machine only. */
  isLoopback(origin: string): boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    origins: OriginPolicy;
  }
}

const developmentPorts = ['', ':3000', ':5173', ':8000'];
const loopbackOrigin = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** Builds the policy once from the settings. */
export function createOriginPolicy({ origins, loopback }: OriginSettings): OriginPolicy {
  const allowed = new Set(origins.map((origin) => origin.replace(/\/+$/, '').toLowerCase()));
  if (loopback) {
    for (const port of developmentPorts) {
      allowed.add(`http://localhost${port}`).add(`http://127.0.0.1${port}`);
    }
  }
  return {
    allows: (origin) => allowed.has(origin),
    isLoopback: (origin) => loopback && loopbackOrigin.test(origin),
  };
}

/**
 * The guard against forged requests, for whatever a cookie can do: a browser must say that the page is ours or an allowed one.
 * Callers that are not browsers say nothing and pass. @throws DomainError `origin-refused`
 */
export function assertTrustedOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  const origin = request.headers.origin ?? (site === undefined ? refererOrigin(request) : undefined);
  if (origin !== undefined) {
    if (origin === ownOrigin(request) || request.server.origins.allows(origin)) return;
  } else if (site === undefined || site === 'none') return;
  throw new DomainError('origin-refused');
}

/** The origin of the page that asks, by its `Referer`; `null` where that is no URL. Over plain http browsers do not say `Sec-Fetch-Site`, and a link or an image has no `Origin`. */
export function refererOrigin({ headers: { referer } }: FastifyRequest): string | undefined {
  if (referer === undefined) return undefined;
  return URL.canParse(referer) ? new URL(referer).origin : 'null';
}

const ownOrigin = (request: FastifyRequest) => `${request.protocol}://${request.host}`;
