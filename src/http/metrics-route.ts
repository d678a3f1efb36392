import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import type { Metrics } from './metrics.ts';
import { isPrivateAddress } from './private-address.ts';

/** Whether the peer itself is on this machine or a private network, and speaks for nobody behind it. */
function isPrivatePeer({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  return isPrivateAddress(socket.remoteAddress ?? '');
}

/** `/metrics` for collectors on this machine or a private network; for others it does not exist. */
export function metricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', { config: { access: 'open' }, schema: { hide: true } }, async (request, reply) => {
    if (!isPrivatePeer(request)) throw new DomainError('route-not-found');
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
}
