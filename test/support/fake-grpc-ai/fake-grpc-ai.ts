import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { endWith, faults } from './faults.ts';
import { type GrpcScript, readScript, token } from './script.ts';
import { chunkFrame, type ReadQuestion, readQuestion } from './wire.ts';

export type GrpcRequest = ReadQuestion & {
  headers: http2.IncomingHttpHeaders;
  /** The connection, counted from 1. */
  connection: number;
  /** `left`: the client closed the stream before it was complete. */
  ended: Promise<'answered' | 'left'>;
};

export type FakeGrpcAi = {
  host: string;
  port: number;
  /** What was asked so far, oldest first. */
  requests: GrpcRequest[];
  /** The next question that arrives. */
  nextRequest(): Promise<GrpcRequest>;
  /** How many connections it has had. */
  readonly connections: number;
  /** Cuts every connection, and goes on listening. */
  cutConnections(): Promise<void>;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
};

export type FakeGrpcOptions = {
  /** 0, the default, takes a free one. */
  port?: number;
  tls?: { key: string; cert: string };
};

/** A real HTTP/2 server that speaks gRPC by hand, and does what each question tells it to. */
export async function createFakeGrpcAi({ port = 0, tls }: FakeGrpcOptions = {}): Promise<FakeGrpcAi> {
  const server = tls ? http2.createSecureServer(tls) : http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  const requests: GrpcRequest[] = [];
  const waiters: ((request: GrpcRequest) => void)[] = [];
  const plays = new Map<string, number>();
  let connections = 0;

  server.on('session', (session) => {
    connections += 1;
    const connection = connections;
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => {
      // A test has cut it.
    });
    session.on('stream', (stream, headers) => {
      const ended = new Promise<'answered' | 'left'>((resolve) => {
        stream.once('close', () => resolve(stream.rstCode === 0 ? 'answered' : 'left'));
      });
      stream.on('error', () => {
        // The client has gone, or a test has cut it.
      });
      let bytes = Buffer.alloc(0);
      const onData = (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        const question = readQuestion(bytes);
        if (question === undefined) return;
        stream.off('data', onData).resume();
        const request = { ...question, headers, connection, ended };
        requests.push(request);
        for (const waiter of waiters.splice(0)) waiter(request);
        void play(stream, relent(question)).catch((error: unknown) => {
          console.error('fake AI backend:', error);
          stream.close();
        });
      };
      stream.on('data', onData);
    });
  });

  /** After `times` failures the same question gets an answer. */
  const relent = ({ message }: ReadQuestion): GrpcScript => {
    const script = readScript(message);
    if (script.times === Infinity) return script;
    const played = (plays.get(message) ?? 0) + 1;
    plays.set(message, played);
    return played > script.times ? { ...script, fault: '', status: 0 } : script;
  };

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cutConnections = async () => {
    const closed = [...sessions].map(
      (session) => new Promise<void>((resolve) => session.once('close', resolve)),
    );
    for (const session of sessions) session.destroy();
    await Promise.all(closed);
  };
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    nextRequest: () => new Promise((resolve) => waiters.push(resolve)),
    cutConnections,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await cutConnections();
      await closed;
    },
  };
}

/** A port on which nobody listens. */
export async function unreachablePort(): Promise<number> {
  const fake = await createFakeGrpcAi();
  await fake.close();
  return fake.port;
}

async function play(stream: http2.ServerHttp2Stream, script: GrpcScript): Promise<void> {
  const fault = script.fault === '' ? undefined : faults[script.fault];
  if (fault && 'instead' in fault) return fault.instead(stream);
  const isStruck = fault !== undefined || script.status !== 0;
  const end = {
    'grpc-status': String(script.status),
    ...(script.status === 0 ? {} : { 'grpc-message': `it said ${script.status}` }),
    ...(script.pushback < 0 ? {} : { 'grpc-retry-pushback-ms': String(script.pushback) }),
  };
  const head = { ':status': 200, 'content-type': 'application/grpc+proto' };
  // As servers do that fail before they begin.
  if (script.status !== 0 && script.at === 0) return stream.respond({ ...head, ...end }, { endStream: true });

  stream.respond(head, { waitForTrailers: true });
  const pieces =
    script.text === undefined ? Array.from({ length: script.count }, (_, at) => token(at)) : [script.text];
  for (const piece of isStruck ? pieces.slice(0, script.at) : pieces) {
    if (stream.destroyed) return;
    if (!stream.write(chunkFrame(piece))) await drained(stream);
  }
  if (fault) return fault.midway(stream);
  if (script.done && script.status === 0) stream.write(chunkFrame('', true));
  endWith(stream, end);
}

/** Resolves when more can be written, or nothing ever again. */
const drained = (stream: http2.ServerHttp2Stream): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      stream.off('drain', end).off('close', end);
      resolve();
    };
    stream.on('drain', end).on('close', end);
  });
