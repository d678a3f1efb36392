import type { FastifyReply, FastifyRequest } from 'fastify';
import { refererOrigin } from './origins.ts';

/**
 * Lets a page of an allowed origin show what this answer carries, in an `<img>` or a player: browsers name no `Origin` there, only a
 * `Referer`. Every other page is kept away from it, as from all answers. See docs/decisions/0013.
 */
export function allowEmbedding(request: FastifyRequest, reply: FastifyReply): void {
  const origin = refererOrigin(request);
  if (origin !== undefined && request.server.origins.allows(origin)) {
    reply.header('cross-origin-resource-policy', 'cross-origin');
  }
}
