import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import type { CredentialKind } from '../../http/authenticate.ts';
import type { ErrorRenderer } from '../../http/render-errors.ts';
import type { SocketEndpoint } from '../../http/upgrades.ts';
import type { Readers } from '../../realtime/readers.ts';
import type { Branding } from './branding.ts';

export type { ErrorRenderer } from '../../http/render-errors.ts';

/** The routes of one section of a dialect's README. */
export type Section = FastifyPluginAsyncTypebox<{ core: Core; branding: Branding }>;

/** What a dialect's sockets work with; `app` is the dialect's own scope, where they may need a route, too. */
export type SocketSurroundings = { core: Core; readers: Readers; app: FastifyInstance };

/** One existing chatbot API: its routes, who it believes, and how it words failures. Its folder has everything about it. */
export type Dialect = {
  name: string;
  /** The parts of the URL space whose unknown routes it answers: `/api/chat` covers everything below it. */
  prefixes: readonly string[];
  sections: readonly Section[];
  /** The credentials that its clients send. */
  accepts: readonly CredentialKind[];
  renderError: ErrorRenderer;
  /** Where its clients open sockets. */
  sockets?: (surroundings: SocketSurroundings) => SocketEndpoint | Promise<SocketEndpoint>;
  /** Its clients are pages on any port of this machine that send no cookies: see `wire` in its README. */
  anyLoopbackPort?: boolean;
};

/** Says that a value is a dialect, and checks its shape. */
export const defineDialect = (dialect: Dialect): Dialect => dialect;
