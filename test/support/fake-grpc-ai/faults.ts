import { constants, type ServerHttp2Stream } from 'node:http2';
import { chunkFrame, frame } from './wire.ts';

/** What the fake does instead of going on: before its headers, or after the first tokens. */
type Act = (stream: ServerHttp2Stream) => void;
type Fault = { instead: Act } | { midway: Act };

const silence: Act = () => {
  // Nothing more is ever said: the client has to give up.
};

/** The end of a stream as gRPC has it. */
export const endWith = (stream: ServerHttp2Stream, trailers: Record<string, string>): void => {
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end();
};

const cut: Act = (stream) => stream.session?.destroy();
/** What was written is on its way before anything is cut. */
const writeThen =
  (bytes: Buffer, act: Act): Act =>
  (stream) =>
    void stream.write(bytes, () => setImmediate(() => act(stream)));

const answerHttp =
  (status: number, type: string): Act =>
  (stream) => {
    stream.respond({ ':status': status, 'content-type': type });
    stream.end('<html><body>Welcome to the proxy</body></html>');
  };

export const faults = {
  'hang-before-headers': { instead: silence },
  'close-before-headers': { instead: cut },
  'reset-before-headers': { instead: (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR) },
  'refused-stream': { instead: (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM) },
  'web-page': { instead: answerHttp(200, 'text/html') },
  'bad-gateway': { instead: answerHttp(502, 'text/html') },
  forbidden: { instead: answerHttp(403, 'text/html') },
  hang: { midway: silence },
  cut: { midway: writeThen(chunkFrame('never shown').subarray(0, 8), cut) },
  reset: { midway: writeThen(Buffer.alloc(0), (stream) => stream.close(constants.NGHTTP2_CANCEL)) },
  'end-without-status': {
    midway: (stream) => {
      stream.once('wantTrailers', () => stream.sendTrailers({}));
      stream.end();
    },
  },
  'no-protobuf': {
    midway: (stream) => {
      stream.write(frame(Buffer.from([0x07])));
      endWith(stream, { 'grpc-status': '0' });
    },
  },
  compressed: {
    midway: (stream) => {
      stream.write(frame(Buffer.from('x'), { flags: 1 }));
      endWith(stream, { 'grpc-status': '0' });
    },
  },
  'large-chunk': { midway: (stream) => void stream.write(chunkFrame('x'.repeat(1_100_000))) },
  'endless-chunk': { midway: (stream) => void stream.write(frame(Buffer.from('x'), { length: 2 ** 31 })) },
  'empty-chunks': {
    midway: (stream) => {
      const timer = setInterval(() => stream.write(chunkFrame('')), 5);
      stream.once('close', () => clearInterval(timer));
    },
  },
  'hang-after-done': { midway: writeThen(chunkFrame('', true), silence) },
  'cut-after-done': { midway: writeThen(chunkFrame('', true), cut) },
  'text-with-done': {
    midway: (stream) => {
      stream.write(chunkFrame('end', true));
      endWith(stream, { 'grpc-status': '0' });
    },
  },
  'text-after-done': {
    midway: (stream) => {
      stream.write(Buffer.concat([chunkFrame('', true), chunkFrame('never shown')]));
      endWith(stream, { 'grpc-status': '0' });
    },
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
