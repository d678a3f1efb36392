import { connectivityState as states } from '@grpc/grpc-js';
import { DomainError } from '../../core/errors.ts';
import type { AIServiceClient } from './ai-backend-proto.ts';

type Channel = ReturnType<AIServiceClient['getChannel']>;
type Options = { address: string; timeoutMs: number; signal: AbortSignal };

/** Connects where there is no connection. It asks no question: the contract has none that the backend would not remember. @throws DomainError `ai-unreachable` */
export const requireReachable = async (
  channel: Channel,
  { address, timeoutMs, signal }: Options,
): Promise<void> => {
  const fail = (cause: unknown) => new DomainError('ai-unreachable', { cause });
  const deadline = Date.now() + timeoutMs;
  for (let state = channel.getConnectivityState(true); ; state = channel.getConnectivityState(true)) {
    if (signal.aborted) throw fail(signal.reason);
    if (state === states.READY) return;
    if (state === states.TRANSIENT_FAILURE || state === states.SHUTDOWN)
      throw fail(new Error(`Nothing that speaks gRPC answers at ${address}`));
    if (!(await changes(channel, { state, deadline, signal })) && !signal.aborted)
      throw fail(new Error(`${address} did not answer within ${timeoutMs} ms`));
  }
};

type Watch = { state: states; deadline: number; signal: AbortSignal };

/** False when the time is over, or the signal aborted. */
const changes = (channel: Channel, { state, deadline, signal }: Watch): Promise<boolean> =>
  new Promise((resolve) => {
    const onAbort = () => resolve(false);
    signal.addEventListener('abort', onAbort, { once: true });
    channel.watchConnectivityState(state, deadline, (late) => {
      signal.removeEventListener('abort', onAbort);
      resolve(late === undefined);
    });
  });
