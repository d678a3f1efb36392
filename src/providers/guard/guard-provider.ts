import { DomainError, type ErrorCode } from '../../core/errors.ts';
import type { Prompt, Provider, ProviderEvent } from '../../core/provider.ts';
import type { AskQueue } from './ask-queue.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** What all models of one provider share. */
export type Guard = { breaker: CircuitBreaker; queue: AskQueue };

/** What says that the AI is not there. Answers that cannot be used are answers: one user's questions must not close it for all. */
const dead: ReadonlySet<ErrorCode> = new Set(['ai-unreachable', 'ai-timed-out', 'ai-broke-off']);

/** The same AI behind its provider's queue and circuit breaker. @throws DomainError `ai-busy`, `ai-unreachable` in the stream, beside its own */
export function guardProvider(provider: Provider, guard: Guard): Provider {
  return {
    name: provider.name,
    get model() {
      return provider.model;
    },
    seesImages: provider.seesImages,
    ...(provider.needsImageBytes ? { needsImageBytes: true } : {}),
    ...(provider.wantsFirstName === undefined ? {} : { wantsFirstName: provider.wantsFirstName }),
    models: (signal) => provider.models(signal),
    stream: (prompt, signal) => streamGuarded({ provider, guard, prompt }, signal),
    close: () => provider.close(),
  };
}

type Asking = { provider: Provider; guard: Guard; prompt: Prompt };

async function* streamGuarded(asking: Asking, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
  if (signal.aborted) return;
  const { queue, breaker } = asking.guard;
  requireClosed(breaker);
  try {
    let waited = false;
    for await (const position of queue.enter(signal)) {
      waited = true;
      yield { type: 'waiting', position };
    }
    if (waited) yield { type: 'waiting', position: 0 };
  } catch (thrown) {
    if (signal.aborted) return;
    throw thrown;
  }
  try {
    // It may have opened while this question waited.
    requireClosed(breaker);
    yield* streamWatched(asking, signal);
  } finally {
    queue.leave();
  }
}

/** Tells the breaker once what became of the question: its first text answers it. */
async function* streamWatched(
  { provider, guard: { breaker }, prompt }: Asking,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  let isOpen = true;
  const settle = (how: 'answered' | 'failed' | 'withdrawn') => {
    if (isOpen) breaker[how]();
    isOpen = false;
  };
  breaker.ask();
  try {
    for await (const event of provider.stream(prompt, signal)) {
      if (event.type === 'text-delta' || event.type === 'finish') settle('answered');
      yield event;
    }
    settle(signal.aborted ? 'withdrawn' : 'failed');
  } catch (thrown) {
    if (signal.aborted) settle('withdrawn');
    else settle(dead.has(DomainError.from(thrown).code) ? 'failed' : 'answered');
    throw thrown;
  } finally {
    // Whoever reads no further has taken the question back.
    settle('withdrawn');
  }
}

function requireClosed(breaker: CircuitBreaker): void {
  const holdsForMs = breaker.holdsForMs();
  if (holdsForMs === 0) return;
  throw new DomainError('ai-unreachable', {
    retryAfterSeconds: Math.ceil(holdsForMs / 1000),
    cause: new Error('It has failed several times in a row and is left alone for a while'),
  });
}
