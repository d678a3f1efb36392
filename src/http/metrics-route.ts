import { BlockList, isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import type { Metrics } from './metrics.ts';

const privateNets = new BlockList();
privateNets.addSubnet('127.0.0.0', 8);
privateNets.addSubnet('10.0.0.0', 8);
privateNets.addSubnet('172.16.0.0', 12);
privateNets.addSubnet('192.168.0.0', 16);
privateNets.addAddress('::1', 'ipv6');
privateNets.addSubnet('fc00::', 7, 'ipv6');
privateNets.addSubnet('fe80::', 10, 'ipv6');

/** Whether the peer itself is on this machine or a private network, and speaks for nobody behind it. */
function isPrivatePeer({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  const family = isIP(address);
  return family !== 0 && privateNets.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** `/metrics` for collectors on this machine or a private network; for others it does not exist. */
export function metricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', { config: { access: 'open' }, schema: { hide: true } }, async (request, reply) => {
    if (!isPrivatePeer(request)) throw new DomainError('route-not-found');
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
}
