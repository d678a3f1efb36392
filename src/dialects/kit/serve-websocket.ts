import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Actor } from '../../core/ports.ts';
import { statusOf } from '../../http/problem.ts';
import { refuseUpgrade, type SocketEndpoint } from '../../http/upgrades.ts';
import type { Readers } from '../../realtime/readers.ts';
import { createWebSockets } from '../../realtime/websocket.ts';
import type { WebSocketConnection, WebSocketListener } from '../../realtime/websocket-connection.ts';

export type { WebSocketConnection, WebSocketListener } from '../../realtime/websocket-connection.ts';

export type ServeWebSocket = {
  path: string;
  anyLoopbackPort: boolean;
  core: Core;
  readers: Readers;
  /** `position`: of the user's feed when the client was let in. What comes after it is the client's to see. */
  onConnection(connection: WebSocketConnection, position: number): WebSocketListener;
};

type Entrant = { actor: Actor; position: number };

/** Serves WebSocket at a path, to whoever brings an access token in its query. Everybody else is refused with 403. */
export function serveWebSocket(
  app: FastifyInstance,
  { path, anyLoopbackPort, core, readers, onConnection }: ServeWebSocket,
): SocketEndpoint {
  const server = createWebSockets<Entrant>({
    readers,
    async identify(request) {
      const actor = await core.sessions.checkToken(tokenOf(request));
      return { actor, position: await core.feed.position(actor) };
    },
    refuse(socket, error) {
      // Without its URL, which carries the token.
      if (error.kind === 'internal') app.log.error({ err: error.cause }, 'A WebSocket could not be opened');
      refuseUpgrade(socket, error.kind === 'unauthenticated' ? 403 : statusOf[error.kind]);
    },
    onConnection: (connection, { position }) => onConnection(connection, position),
  });
  return {
    path,
    anyLoopbackPort,
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head),
    close: () => server.close(),
  };
}

function tokenOf({ url = '' }: IncomingMessage): string {
  const query = url.slice(url.indexOf('?') + 1);
  const token = url.includes('?') ? new URLSearchParams(query).get('token') : null;
  if (token === null || token === '') throw new DomainError('credentials-missing');
  return token;
}
