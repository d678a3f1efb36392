import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/ports.ts';
import type { SessionId } from '../../src/core/sessions/session.ts';
import type { UserId } from '../../src/core/users/user.ts';
import { refuseUpgrade } from '../../src/http/upgrades.ts';
import { createReaders, type Readers } from '../../src/realtime/readers.ts';
import { createWebSockets } from '../../src/realtime/websocket.ts';
import type { WebSocketConnection, WebSocketLimits } from '../../src/realtime/websocket-connection.ts';

export type WebSocketTestServer = {
  port: number;
  readers: Readers;
  /** The server's side of every connection, in the order in which they came. */
  connections: WebSocketConnection[];
  /** What came in, as text; `binary` for what is none. */
  heard: string[];
  /** Resolves with the next connection. */
  nextConnection(): Promise<WebSocketConnection>;
  /** Ends the login that all of them have. */
  endLogin(): void;
  close(): Promise<void>;
};

/** A WebSocket server that says back what it hears; `?token=no` is refused. */
export async function startWebSocketServer(
  limits: Partial<WebSocketLimits> = {},
  identify: (request: IncomingMessage) => Promise<unknown> = async () => undefined,
): Promise<WebSocketTestServer> {
  const ends = new Set<() => void>();
  const onEnd = (_session: SessionId, listener: () => void) => {
    ends.add(listener);
    return () => ends.delete(listener);
  };
  const readers = createReaders({ sessions: { onEnd }, readersPerUser: 3 });
  const connections: WebSocketConnection[] = [];
  const heard: string[] = [];
  const waiting: ((connection: WebSocketConnection) => void)[] = [];
  const actor: Actor = { userId: 1 as UserId, sessionId: 1 as SessionId };
  const sockets = createWebSockets({
    readers,
    limits,
    async identify(request) {
      await identify(request);
      if (request.url?.includes('token=no')) throw new DomainError('token-invalid');
      return { actor };
    },
    refuse: (socket) => refuseUpgrade(socket, 403),
    onConnection(connection) {
      connections.push(connection);
      waiting.shift()?.(connection);
      return {
        onFrame(text) {
          heard.push(text?.toString() ?? 'binary');
          connection.send(text?.toString() ?? 'binary');
        },
      };
    },
  });
  const server = createServer().on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined);
    sockets.handleUpgrade(request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    readers,
    connections,
    heard,
    nextConnection: () => new Promise((resolve) => waiting.push(resolve)),
    endLogin: () => {
      for (const end of ends) end();
    },
    async close() {
      await sockets.close();
      server.close();
      await once(server, 'close');
    },
  };
}
