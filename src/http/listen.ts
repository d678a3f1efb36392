import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Opens the port (0: any free one) and gives the address that a browser on this machine can use. Rejects when it is taken. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  await app.listen({ host, port, backlog: 1024 });
  const address = app.server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${address.port}`;
}
