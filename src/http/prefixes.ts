import type { FastifyInstance } from 'fastify';
import type { ErrorRenderer } from './render-errors.ts';

/** A part of the URL space, and whose it is: requests there that meet no route are answered in the owner's words. */
export type Prefix = {
  /** `/api/chat` covers itself and everything below `/api/chat/`. */
  path: string;
  render: ErrorRenderer;
  /** Pages of any port of this machine may read answers here, without cookies, on a server of this machine alone. */
  anyLoopbackPort?: boolean;
};

declare module 'fastify' {
  interface FastifyInstance {
    prefixes: Prefix[];
  }
}

/** Declares an owner. A prefix may have several; of nested ones the longest counts. */
export function claimPrefix(app: FastifyInstance, prefix: Prefix): void {
  app.prefixes.push(prefix);
}

/** The owners of the longest prefix that covers a path; none for what nobody claimed. */
export function ownersOf(prefixes: readonly Prefix[], path: string): Prefix[] {
  const covering = prefixes.filter((prefix) => path === prefix.path || path.startsWith(`${prefix.path}/`));
  const longest = Math.max(0, ...covering.map((prefix) => prefix.path.length));
  return covering.filter((prefix) => prefix.path.length === longest);
}

/** The path of a request target, as it was sent, without its query. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
