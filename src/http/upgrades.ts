import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './prefixes.ts';

/** Where connections of another protocol begin: its path, and what takes the socket over. */
export type SocketEndpoint = {
  /** `/ws`, with or without a slash at its end. */
  path: string;
  /** Pages of any port of this machine may connect, on a server of this machine alone. */
  anyLoopbackPort?: boolean;
  /** Takes the socket, and answers for it from then on. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends everybody away. */
  close(): Promise<void>;
};

/**
 * The one place where sockets change their protocol. Unknown paths, foreign origins and a stopping server are refused here, before
 * any endpoint is asked: a browser sends cookies along with a handshake, whatever page it comes from.
 */
export function serveUpgrades(app: FastifyInstance, endpoints: readonly SocketEndpoint[]): void {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {
      // A client that leaves in the middle of its handshake concerns nobody.
    });
    const endpoint = byPath.get(pathOf(request.url ?? '').replace(/\/$/, ''));
    if (!endpoint) return refuseUpgrade(socket, 404);
    if (app.stopping) return refuseUpgrade(socket, 503);
    if (!isTrusted(app, request, endpoint)) return refuseUpgrade(socket, 403);
    endpoint.upgrade(request, socket, head);
  });
}

/** Answers a handshake with a status and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy();
  const reason = STATUS_CODES[status] ?? '';
  const retry = status === 503 || status === 429 ? 'Retry-After: 1\r\n' : '';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

/** A caller that is no browser says nothing of an origin; a browser always does, and cannot be made to lie. */
function isTrusted(app: FastifyInstance, request: IncomingMessage, endpoint: SocketEndpoint): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  const { protocol, host } = app.handshake(request);
  // Over https at a proxy that nobody named, it looks like http here.
  if (origin === `${protocol}://${host}` || origin === `https://${host}`) return true;
  return app.origins.allows(origin) || (endpoint.anyLoopbackPort === true && app.origins.isLoopback(origin));
}
