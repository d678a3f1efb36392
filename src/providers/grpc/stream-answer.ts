import { status as codes } from '@grpc/grpc-js';
import { DomainError } from '../../core/errors.ts';
import type { Prompt, ProviderEvent } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import { Patience } from '../stream/patience.ts';
import type { Call } from './call.ts';
import { Continuation } from './continuation.ts';
import { statusFailure } from './status-failure.ts';

export type Asker = {
  ask(prompt: Prompt): Call;
  settings: Pick<ProviderSettings, 'firstTokenTimeoutMs' | 'idleTimeoutMs' | 'retries'>;
  surroundings: Pick<ProviderSurroundings, 'pause' | 'random'>;
};

const firstWaitMs = 250;

/** The answer as it arrives. Ends without a `finish` only by throwing, or when the signal was aborted. @throws DomainError `ai-*` */
export async function* streamAnswer(
  asker: Asker,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const patience = new Patience(asker.settings, signal);
  let call: Call | undefined;
  try {
    call = await openCall(asker, prompt, patience);
    const continuation = new Continuation(prompt.continues ?? '');
    let isOver = false;
    let heard = 0;
    while (!isOver) {
      isOver = call.isDone || call.status !== undefined;
      if (call.chunks > heard) patience.spoke();
      heard = call.chunks;
      const text = continuation.add(call.take(isOver));
      if (text !== '') yield { type: 'text-delta', text };
      if (signal.aborted) return;
      if (!isOver) await wait(call, patience);
    }
    // `done` makes an answer complete, whatever becomes of the connection after it.
    if (!call.isDone) requireOk(call);
    yield { type: 'finish', reason: 'stop' };
  } catch (thrown) {
    if (signal.aborted) return;
    throw thrown;
  } finally {
    patience.stop();
    if (call?.isDone === true) call.leave();
    else call?.cancel();
  }
}

/**
 * Asks until something has come. A backend that cannot be reached is tried again, `retries` times at most, with growing pauses, within
 * the time for the first token; one that has begun to answer has heard the question, and must not hear it twice.
 */
const openCall = async ({ ask, settings, surroundings }: Asker, prompt: Prompt, patience: Patience) => {
  for (let attempt = 0; ; attempt += 1) {
    const call = ask(prompt);
    patience.signal.addEventListener('abort', () => call.cancel(), { once: true });
    try {
      await wait(call, patience);
    } catch (thrown) {
      call.cancel();
      throw thrown;
    }
    const isAway = call.status?.code === codes.UNAVAILABLE && call.answeredBy !== 'backend';
    const waitMs = firstWaitMs * 2 ** attempt * (0.5 + surroundings.random());
    if (!isAway || attempt >= settings.retries || waitMs >= patience.remainingMs()) return call;
    await surroundings.pause(waitMs, patience.signal).catch(() => patience.signal.throwIfAborted());
  }
};

const wait = async (call: Call, patience: Patience): Promise<void> => {
  patience.wait();
  await call.next(patience.signal);
  patience.heard();
};

const requireOk = ({ status, answeredBy, chunks }: Call): void => {
  if (status === undefined) throw new DomainError('ai-broke-off');
  if (status.code !== codes.OK) throw statusFailure(status, { answeredBy, hasText: chunks > 0 });
};
