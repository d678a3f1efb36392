import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Server } from 'socket.io';
import type { Readers, SentAway } from './readers.ts';
import { websocketOf, type EngineSocket } from './socket-io-backlog.ts';
import { SocketIoConnection, type SocketIoEntrant } from './socket-io-connection.ts';
import { defaultTalkLimits, TalkAllowance } from './talk-allowance.ts';

/** What a dialect does with a client. Neither may throw. */
export type SocketIoListener = {
  /** The client has sent an event; a last argument that is a function answers its acknowledgement. */
  onEvent(event: string, args: unknown[]): void;
  /** The client has to go: say goodbye and close. */
  onSentAway(reason: SentAway): void;
};

export type SocketIoOptions = {
  /** `/socket.io`. */
  path: string;
  readers: Readers;
  /** The largest frame, and the largest body of a polling request, that a client may send; 64 KiB without it. */
  frameBytes?: number;
  /** Whose login a handshake carries. Rejects to refuse it. */
  identify(request: IncomingMessage): Promise<SocketIoEntrant>;
  /** Called for each client that has connected to the namespace `/`. */
  onConnection(connection: SocketIoConnection): SocketIoListener;
};

/** A Socket.IO server that listens to nothing: what reaches it has passed the checks of the HTTP side. */
export type SocketIoServer = {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
};

const plainFrameBytes = 64 * 1024;

/** Serves Socket.IO clients of protocol 5 (3.x and 4.x), over websocket and polling. */
export function createSocketIo(options: SocketIoOptions): SocketIoServer {
  let opened: Promise<Server> | undefined;
  // Loading the library takes longer than all the rest of a start; the first client pays for it.
  const open = () =>
    (opened ??= import('socket.io').then(({ Server }) =>
      configure(new Server(...settings(options)), options),
    ));
  return {
    handleRequest: (request, response) =>
      void open().then(
        ({ engine }) => {
          if (request.method === 'POST') boundPayload(request);
          engine.handleRequest(request, response);
        },
        () => response.destroy(),
      ),
    handleUpgrade: (request, socket, head) =>
      void open().then(
        ({ engine }) => engine.handleUpgrade(request, socket, head),
        () => socket.destroy(),
      ),
    async close() {
      await (await opened)?.close();
    },
  };
}

const entrants = new WeakMap<IncomingMessage, SocketIoEntrant>();

/** It insists on a server to attach itself to; it gets one that never listens. */
function settings({
  path,
  identify,
  frameBytes = plainFrameBytes,
}: SocketIoOptions): ConstructorParameters<typeof Server> {
  const allowRequest = (
    request: IncomingMessage,
    answer: (refusal: string | null, allowed: boolean) => void,
  ): void => {
    identify(request).then(
      (entrant) => {
        entrants.set(request, entrant);
        answer(null, true);
      },
      () => answer('Authentication required', false),
    );
  };
  return [
    createServer(),
    {
      path,
      allowRequest,
      serveClient: false,
      maxHttpBufferSize: frameBytes,
      perMessageDeflate: false,
      httpCompression: false,
      connectTimeout: 10_000,
      pingInterval: 25_000,
      pingTimeout: 20_000,
    },
  ];
}

function configure(server: Server, { readers, onConnection }: SocketIoOptions): Server {
  const clients = new WeakMap<EngineSocket, Client>();

  server.engine.on('connection', (raw: EngineSocket) => {
    const entrant = entrants.get(raw.request);
    const client: Client = { entrant, listener: undefined };
    clients.set(raw, client);
    // It would keep the handshake's request for as long as the client stays: half of what an idle one costs.
    (raw as { request: IncomingMessage | null }).request = null;
    boundBinary(raw);
    boundTalk(raw);
    try {
      if (entrant === undefined) throw new Error('A handshake passed without a login');
      const end = (reason: SentAway) =>
        client.listener ? client.listener.onSentAway(reason) : raw.close(true);
      raw.once('close', readers.enter({ actor: entrant.actor, transport: 'socket-io', end }));
    } catch {
      // Too many of this user, or the server stops: the client comes back later by itself.
      raw.close(true);
    }
  });

  server.on('connection', (socket) => {
    const client = clients.get(socket.conn);
    if (client?.entrant === undefined) return void socket.disconnect(true);
    // Connects that come together are all let in by the library; each would have a listener of its own.
    if (client.listener) return socket.conn.close(true);
    const listener = onConnection(new SocketIoConnection(socket, client.entrant));
    client.listener = listener;
    socket.once('disconnect', () => (client.listener = undefined));
    socket.onAny((event: unknown, ...args: unknown[]) => listener.onEvent(String(event), args));
  });
  return server;
}

/** An event waits in memory for all binary frames that it announces: one is enough for anybody. */
function boundBinary(raw: EngineSocket): void {
  let inRow = 0;
  raw.on('data', (data: unknown) => {
    inRow = typeof data === 'string' ? 0 : inRow + 1;
    if (inRow > 1) raw.close(true);
  });
}

/** What a client says is counted like the frames of `/ws`: polls, pings and probes of an upgrade as well. */
function boundTalk(raw: EngineSocket): void {
  const allowance = new TalkAllowance();
  const count = () => {
    if (!allowance.take()) raw.close(true);
  };
  const countPings = () => websocketOf(raw)?.on('ping', count);
  raw.on('packet', count);
  raw.on('upgrading', count);
  raw.on('upgrade', countPings);
  countPings();
}

/**
 * The engine takes the whole body of a poll apart before it hands out the first packet: one with more packets than anybody may send
 * at once is not read to its end, which ends its connection.
 */
function boundPayload(request: IncomingMessage): void {
  let packets = 1;
  request.on('data', (chunk: Buffer | string) => {
    packets += chunk.toString().split(packetSeparator).length - 1;
    if (packets > defaultTalkLimits.framesAtOnce) request.destroy();
  });
}

const packetSeparator = '\u001E';

type Client = { entrant: SocketIoEntrant | undefined; listener: SocketIoListener | undefined };
