import { connectivityState as states } from '@grpc/grpc-js';
import { DomainError } from '../../core/errors.ts';
import type { AIServiceClient } from './ai-backend-proto.ts';

type Channel = ReturnType<AIServiceClient['getChannel']>;
type Options = { address: string; timeoutMs: number; signal: AbortSignal };

/** A watch cannot be called off, and holds the process: it is kept short, and begun anew. */
const watchMs = 200;

/**
 * Connects where there is no connection. It asks no question: the contract has none that the backend would not remember.
 * @throws DomainError `ai-unreachable`
 */
export const requireReachable = async (
  channel: Channel,
  { address, timeoutMs, signal }: Options,
): Promise<void> => {
  const fail = (cause: unknown) => new DomainError('ai-unreachable', { cause });
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (signal.aborted) throw fail(signal.reason);
    const state = channel.getConnectivityState(true);
    if (state === states.READY) return;
    if (state === states.TRANSIENT_FAILURE || state === states.SHUTDOWN)
      throw fail(new Error(`Nothing that speaks gRPC answers at ${address}`));
    if (Date.now() >= deadline) throw fail(new Error(`${address} did not answer within ${timeoutMs} ms`));
    await change(channel, state, signal);
  }
};

/** Resolves when the state is another, the signal aborts, or it is time to look again. */
const change = (channel: Channel, state: states, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    channel.watchConnectivityState(state, Date.now() + watchMs, end);
  });
