import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import { rememberRoutes } from './allowed-methods.ts';
import { ownersOf, pathOf } from './prefixes.ts';
import { renderProblem } from './problem.ts';
import { sendError, type ErrorRenderer } from './render-errors.ts';
import { renderTogether } from './render-together.ts';

/**
 * Answers requests that met no route: 405 with `Allow` where the path has other methods, else 404, in the words of whoever owns the
 * prefix. Where several own it, the answer carries the keys of all.
 */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const allowedMethods = rememberRoutes(app);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = allowedMethods(path);
    if (allowed.length > 0) reply.header('allow', [...allowed, 'OPTIONS'].join(', '));
    if (allowed.length > 0 && request.method === 'OPTIONS') return reply.code(204).send();
    const error = new DomainError(allowed.length > 0 ? 'method-not-allowed' : 'route-not-found');
    return sendError(error, { request, reply, render: rendererOf(app, path) });
  });
}

/** Answers what the router itself refuses, before any scope: bad escapes, parameters that are too long. */
export function answerRouterError(app: FastifyInstance, error: DomainError, exchange: Exchange): void {
  const { request, reply } = exchange;
  void sendError(error, { request, reply, render: rendererOf(app, pathOf(request.raw.url ?? '')) });
}
type Exchange = { request: FastifyRequest; reply: FastifyReply };

function rendererOf(app: FastifyInstance, path: string): ErrorRenderer {
  const renderers = ownersOf(app.prefixes, path).map((owner) => owner.render);
  if (renderers.length === 0) return renderProblem;
  return renderTogether(renderers);
}
