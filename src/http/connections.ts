import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    connections: Set<Socket>;
  }
}

/** Keeps the open connections of the app at hand, in `app.connections`. */
export function rememberConnections(app: FastifyInstance): void {
  const connections = new Set<Socket>();
  app.decorate('connections', connections);
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
}

/** Ends connections on which nothing was ever said, as browsers open them ahead of need: Node takes them for busy ones. */
export function closeSilentConnections(app: FastifyInstance): void {
  for (const socket of app.connections) if (socket.bytesRead === 0) socket.destroy();
}
