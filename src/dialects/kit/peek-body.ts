import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { preParsingAsyncHookHandler } from 'fastify';
import { bodyLimitBytes } from '../../http/body-parsers.ts';

const peeked = new WeakMap<IncomingMessage, Buffer>();

/**
 * Reads a body before its route is known, and calls back once: with its bytes, or with undefined where it is too large or broke off.
 * The route that is found reads it again by `replayBody`.
 */
export function peekBody(request: IncomingMessage, done: (bytes: Buffer | undefined) => void): void {
  // The route refuses it unread.
  if (Number(request.headers['content-length']) > bodyLimitBytes) return done(undefined);
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > bodyLimitBytes) finish(false);
  };
  const onEnd = () => finish(true);
  const onBroken = () => finish(false);
  request.on('data', onData).once('end', onEnd).once('error', onBroken).once('close', onBroken);

  function finish(isWhole: boolean): void {
    request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
    const bytes = Buffer.concat(chunks, length);
    peeked.set(request, bytes);
    done(isWhole ? bytes : undefined);
  }
}

/** Gives a route the body that was read ahead of it, as if nobody had. */
export const replayBody: preParsingAsyncHookHandler = async ({ raw }, _reply, payload) => {
  const bytes = peeked.get(raw);
  return bytes === undefined ? payload : Readable.from([bytes]);
};
