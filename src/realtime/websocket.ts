import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { DomainError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import type { Readers } from './readers.ts';
import { defaultTalkLimits } from './talk-allowance.ts';
import { WebSocketConnection, type WebSocketLimits, type WebSocketListener } from './websocket-connection.ts';

const defaultLimits: WebSocketLimits = {
  ...defaultTalkLimits,
  frameBytes: 64 * 1024,
  backlogBytes: 1024 * 1024,
  heartbeatMs: 30_000,
  farewellMs: 500,
};

export type WebSocketOptions<Entrant extends { actor: Actor }> = {
  readers: Readers;
  /** Who asks for a connection. Rejects, with a DomainError, to refuse it. */
  identify(request: IncomingMessage): Promise<Entrant>;
  /** Answers a handshake that is refused, and closes its socket. */
  refuse(socket: Duplex, error: DomainError): void;
  /** Called for each client as soon as its handshake is done. */
  onConnection(connection: WebSocketConnection, entrant: Entrant): WebSocketListener;
  limits?: Partial<WebSocketLimits>;
};

/** A WebSocket server that listens to nothing: what reaches it has passed the checks of the HTTP side. */
export type WebSockets = {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every connection at once. */
  close(): Promise<void>;
};

/**
 * Serves WebSocket clients whose logins are known before their handshake is completed. They are bounded per user, in what they send
 * and in what they leave unread, and sent away when their login ends. One timer asks all of them whether they are there.
 */
export function createWebSockets<Entrant extends { actor: Actor }>(
  options: WebSocketOptions<Entrant>,
): WebSockets {
  const { readers, identify, refuse, onConnection } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const connections = new Set<WebSocketConnection>();
  const settings = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    closeTimeout: limits.farewellMs,
  };
  const server = new WebSocketServer(settings);
  const heartbeat = setInterval(() => {
    for (const connection of connections) connection.beat();
  }, limits.heartbeatMs);
  heartbeat.unref();

  /** Nothing in here may keep the request alive: it is half of what an idle client costs. */
  const admit = (entrant: Entrant, [request, socket, head]: [IncomingMessage, Duplex, Buffer]): void => {
    const place: { connection?: WebSocketConnection } = {};
    const leave = readers.enter({
      actor: entrant.actor,
      transport: 'websocket',
      end: (reason) => place.connection?.sendAway(reason),
    });
    // Closes in any case, also where the handshake turns out to be none.
    socket.once('close', () => {
      leave();
      if (place.connection) connections.delete(place.connection);
    });
    server.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const connection = new WebSocketConnection(webSocket, entrant.actor, limits);
      place.connection = connection;
      connections.add(connection);
      connection.listen(onConnection(connection, entrant));
    });
  };

  return {
    handleUpgrade(request, socket, head) {
      identify(request)
        .then((entrant) => {
          if (socket.destroyed) return;
          admit(entrant, [request, socket, head]);
        })
        .catch((thrown: unknown) => refuse(socket, DomainError.from(thrown)));
    },
    async close() {
      clearInterval(heartbeat);
      for (const connection of connections) connection.cut();
    },
  };
}
