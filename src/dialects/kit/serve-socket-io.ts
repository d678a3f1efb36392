import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import { readSessionCookie } from '../../http/session-cookie.ts';
import type { SocketEndpoint } from '../../http/upgrades.ts';
import type { Readers } from '../../realtime/readers.ts';
import { createSocketIo, type SocketIoListener } from '../../realtime/socket-io.ts';
import type { SocketIoConnection } from '../../realtime/socket-io-connection.ts';

export type { SocketIoListener } from '../../realtime/socket-io.ts';
export type { SocketIoConnection } from '../../realtime/socket-io-connection.ts';

export type ServeSocketIo = {
  path: string;
  core: Pick<Core, 'sessions'>;
  readers: Readers;
  /** The largest frame that a client may send; 64 KiB without it. */
  frameBytes?: number;
  onConnection(connection: SocketIoConnection): SocketIoListener;
};

/**
 * Serves Socket.IO at a path: polling as a route of the scope, with its headers and its words for refusals, websockets by the endpoint.
 * A handshake needs the cookie of a living login, and a trusted origin: it counts as a change.
 */
export function serveSocketIo(scope: FastifyInstance, options: ServeSocketIo): SocketEndpoint {
  const { path, core, readers, frameBytes, onConnection } = options;
  const server = createSocketIo({
    path,
    readers,
    ...(frameBytes === undefined ? {} : { frameBytes }),
    onConnection,
    async identify(request) {
      const { protocol, address } = scope.handshake(request);
      const secret = readSessionCookie({ protocol, headers: request.headers });
      if (secret === undefined) throw new DomainError('credentials-missing');
      return { actor: await core.sessions.checkCookie(secret), address };
    },
  });

  void scope.register(async (polling) => {
    // The engine reads the body itself, up to the limit of a frame.
    polling.removeAllContentTypeParsers();
    polling.addContentTypeParser('*', (_request, _body, done) => done(null));
    polling.route<{ Querystring: Record<string, unknown> }>({
      method: ['GET', 'POST'],
      url: `${path}/`,
      exposeHeadRoute: false,
      config: { access: 'open', trustedOriginOnly: true },
      schema: { hide: true },
      handler: async ({ raw, query }, reply) => {
        // Polling by script tags, which any page may load, is of another time.
        if ('j' in query) throw new DomainError('request-malformed');
        for (const [name, value] of Object.entries(reply.getHeaders())) {
          if (value !== undefined) reply.raw.setHeader(name, value);
        }
        reply.hijack();
        server.handleRequest(raw, reply.raw);
      },
    });
  });

  return {
    path,
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head),
    close: () => server.close(),
  };
}
