import type { Prompt, Provider, ProviderEvent } from '../../core/provider.ts';
import { type Guard, requireClosed, watchQuestion } from './watch-question.ts';

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
  const watch = watchQuestion(breaker);
  try {
    for await (const event of provider.stream(prompt, signal)) {
      if (event.type === 'text-delta' || event.type === 'finish') watch.answered();
      yield event;
    }
    watch.failed(undefined, signal);
  } catch (thrown) {
    watch.failed(thrown, signal);
    throw thrown;
  } finally {
    // Whoever reads no further has taken the question back.
    watch.withdrawn();
  }
}
