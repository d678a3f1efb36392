import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerKey } from '../core/caller-key.ts';
import { DomainError } from '../core/errors.ts';

/** Below this an answer is not worth counting: the system takes it off our hands at once. */
const heavyLength = 64 * 1024;

export type UntakenLimits = {
  /** What one caller may leave untaken of all answers together before the next heavy one is refused, in UTF-16 code units or bytes. */
  perCaller: number;
  /** A caller that takes nothing of a heavy answer for so long is cut. */
  stallMs: number;
};

export const defaultUntakenLimits: UntakenLimits = { perCaller: 32 * 1024 * 1024, stallMs: 30_000 };

/**
 * Bounds the memory of answers that callers ask for and do not read: over its share a caller gets `too-many-requests`, however large
 * the first answer was, and a connection that stalls is cut. Answers to what changes something are never refused: it has happened.
 */
export function boundUntakenAnswers(app: FastifyInstance, limits: UntakenLimits): void {
  const held = new Map<string, number>();

  const hold = (key: string, length: number, { raw }: FastifyReply): void => {
    held.set(key, (held.get(key) ?? 0) + length);
    raw.once('close', () => {
      const left = (held.get(key) ?? 0) - length;
      if (left > 0) held.set(key, left);
      else held.delete(key);
    });
    raw.setTimeout(limits.stallMs, () => raw.destroy());
  };

  app.addHook('onSend', async (request, reply, payload) => {
    const length = lengthOf(payload);
    if (length < heavyLength) return;
    const key = keyOf(request);
    const others = held.get(key) ?? 0;
    if (request.method === 'GET' && others > 0 && others + length > limits.perCaller)
      throw new DomainError('too-many-requests', { retryAfterSeconds: 1 });
    hold(key, length, reply);
  });
}

/** What flows has its own bound: it is read no faster than it is taken. */
const lengthOf = (payload: unknown): number =>
  typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;

const keyOf = ({ signedIn, ip }: FastifyRequest): string =>
  signedIn === null ? `address:${callerKey(ip)}` : `user:${signedIn.userId}`;
