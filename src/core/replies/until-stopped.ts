import { DomainError } from '../errors.ts';
import type { ReplyWriters } from './reply-writers.ts';

/**
 * Work that waits for the AI, with a signal that aborts when the caller's does or this process writes no more.
 * @throws DomainError `server-stopping` when it was cut short by the latter
 */
export async function untilStopped<Result>(
  { stopped }: Pick<ReplyWriters, 'stopped'>,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const either = new AbortController();
  const abort = () => either.abort();
  const sources = signal ? [stopped, signal] : [stopped];
  for (const source of sources) {
    if (source.aborted) abort();
    source.addEventListener('abort', abort, { once: true });
  }
  try {
    return await work(either.signal);
  } catch (thrown) {
    const cutShort = stopped.aborted && signal?.aborted !== true && !(thrown instanceof DomainError);
    throw cutShort ? new DomainError('server-stopping', { cause: thrown, retryAfterSeconds: 2 }) : thrown;
  } finally {
    for (const source of sources) source.removeEventListener('abort', abort);
  }
}
