import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { joinMysql } from './join-mysql.ts';
import { joinPostgres } from './join-postgres.ts';
import { pass } from './take.ts';

/** How a client and a server without TLS meet; `encrypt` begins TLS with the client, and is undefined where none is offered. */
export type Join = (near: Duplex, far: Duplex, encrypt: Encrypt | undefined) => Promise<void>;
type Encrypt = (near: Duplex) => Promise<Duplex>;

/** What one client did. */
export type SeenConnection = {
  /** Every byte that it sent, as it crossed the network. */
  sent: Buffer;
  /** The version of TLS, once both sides have agreed on it. */
  tls: string | null;
  /** The name that it asked for while doing so. */
  asked: string | false | null;
  /** Resolves when nothing more can come. */
  ended: Promise<void>;
};

export type TlsRelay = {
  port: number;
  /** Of every connection, the oldest first. */
  seen: SeenConnection[];
  /** Resolves when so many connections have said something. */
  spoken(count: number): Promise<void>;
  close(): Promise<void>;
};

/** Redis has a port that speaks TLS from the first byte on. */
const joinRedis: Join = async (near, far, encrypt) => pass(encrypt ? await encrypt(near) : near, far);

const joins = { postgres: joinPostgres, mysql: joinMysql, redis: joinRedis };

/** Puts TLS before a server that has none; without a certificate it offers none either. */
export async function openTlsRelay(
  protocol: keyof typeof joins,
  { target, certificate }: { target: { host: string; port: number }; certificate: Certificate | undefined },
): Promise<TlsRelay> {
  const secureContext = certificate && createSecureContext(certificate);
  const all: SeenConnection[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const far = connect(target);
    const ended = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    const seen: SeenConnection = { sent: Buffer.alloc(0), tls: null, asked: null, ended };
    all.push(seen);
    const near = recorded(socket, seen);
    socket.once('data', () => server.emit('spoken'));
    for (const one of [socket, far]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        for (const other of [socket, near, far]) other.destroy();
      });
    }
    const encrypt: Encrypt | undefined =
      secureContext && ((stream) => secured(stream, { secureContext, seen }));
    joins[protocol](near, far, encrypt).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen: all,
    async spoken(count) {
      while (all.filter(({ sent }) => sent.length > 0).length < count) await once(server, 'spoken');
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The same stream for whoever encrypts over it, which would otherwise take the socket's bytes where nobody sees them. */
function recorded(socket: Socket, seen: SeenConnection): Duplex {
  const near = new Duplex({
    read: () => void socket.resume(),
    // What the other side does not wait for any more is nobody's loss.
    write: (bytes: Buffer, _encoding, done) => void socket.write(bytes, () => done()),
    final: (done) => void socket.end(() => done()),
  });
  socket.on('data', (bytes) => {
    seen.sent = Buffer.concat([seen.sent, bytes]);
    if (!near.push(bytes)) socket.pause();
  });
  socket.on('end', () => near.push(null));
  near.on('error', () => undefined);
  return near;
}

async function secured(
  near: Duplex,
  { secureContext, seen }: { secureContext: ReturnType<typeof createSecureContext>; seen: SeenConnection },
): Promise<Duplex> {
  const secure = new TLSSocket(near, { isServer: true, secureContext });
  await once(secure, 'secure');
  secure.on('error', () => near.destroy());
  secure.on('close', () => near.destroy());
  Object.assign(seen, { tls: secure.getProtocol(), asked: secure.servername ?? null });
  return secure;
}
