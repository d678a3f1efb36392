import type { Prompt, Provider, ProviderEvent } from '../../src/core/provider.ts';

/** One answer that the test speaks itself. */
export type PlayedAnswer = {
  prompt: Prompt;
  say(...texts: string[]): void;
  usage(promptTokens: number, completionTokens: number): void;
  /** Says how many are before it, itself included. */
  wait(position: number): void;
  /** Says that another AI answers. */
  answeredBy(provider: string, model: string): void;
  /** Finishes as a provider does that is done. */
  finish(...texts: string[]): void;
  /** Ends the stream without a finish, or with an error. */
  breakOff(error?: Error): void;
  /** Resolves when the core has stopped it. */
  stopped: Promise<void>;
};

export type PlayedAi = Provider & {
  /** The next answer that is asked for. */
  next(): Promise<PlayedAnswer>;
  /** How many answers were asked for. */
  readonly asked: number;
};

/** An AI whose every word comes when the test says it: the vendor's part, played. */
export function createPlayedAi(): PlayedAi {
  const waiting: ((answer: PlayedAnswer) => void)[] = [];
  const ready: PlayedAnswer[] = [];
  let asked = 0;

  return {
    name: 'played',
    model: 'played-1',
    seesImages: true,
    models: async () => [{ id: 'played-1' }],
    close: async () => undefined,
    get asked() {
      return asked;
    },
    next: () => {
      const answer = ready.shift();
      return answer ? Promise.resolve(answer) : new Promise((resolve) => waiting.push(resolve));
    },
    async *stream(prompt, signal) {
      asked += 1;
      const { answer, events } = play(prompt, signal);
      const taker = waiting.shift();
      if (taker) taker(answer);
      else ready.push(answer);
      yield* events();
    },
  };
}

function play(prompt: Prompt, signal: AbortSignal) {
  const queue: (ProviderEvent | 'end' | Error)[] = [];
  let wake: (() => void) | undefined;
  const push = (...events: (ProviderEvent | 'end' | Error)[]) => {
    queue.push(...events);
    wake?.();
  };
  const say = (...texts: string[]) => push(...texts.map((text) => ({ type: 'text-delta' as const, text })));
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  signal.addEventListener('abort', () => wake?.(), { once: true });

  async function* events(): AsyncGenerator<ProviderEvent, void, void> {
    for (;;) {
      signal.throwIfAborted();
      const next = queue.shift();
      if (next === 'end') return;
      if (next instanceof Error) throw next;
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  const answer: PlayedAnswer = {
    prompt,
    say,
    usage: (promptTokens, completionTokens) => push({ type: 'usage', promptTokens, completionTokens }),
    wait: (position) => push({ type: 'waiting', position }),
    answeredBy: (provider, model) => push({ type: 'answered-by', provider, model }),
    finish(...texts) {
      say(...texts);
      push({ type: 'finish', reason: 'stop' }, 'end');
    },
    breakOff: (error) => push(error ?? 'end'),
    stopped,
  };
  return { answer, events };
}
