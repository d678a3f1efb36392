import type { Prompt, Provider } from '../../src/core/provider.ts';

/** One answer that the AI is giving, word by word as the test says. */
export type PlayedAnswer = {
  readonly prompt: Prompt;
  /** Aborts when the answer is stopped. */
  readonly signal: AbortSignal;
  say(text: string): void;
  finish(): void;
  fail(error: Error): void;
};
export type PlayedAi = {
  provider: Provider;
  /** The next answer that is asked for. */ asked(): Promise<PlayedAnswer>;
};

/** An AI that says what the test says, when the test says it. */
export function playAi(): PlayedAi {
  const answers: PlayedAnswer[] = [];
  const waiting: ((answer: PlayedAnswer) => void)[] = [];
  const provider: Provider = {
    name: 'played',
    model: 'played-1',
    seesImages: true,
    models: async () => [{ id: 'played-1' }, { id: 'played-2' }],
    close: async () => {
      // It holds nothing.
    },
    async *stream(prompt, signal) {
      const said: (string | Error | null)[] = [];
      let wake: () => void = () => undefined;
      const push = (word: string | Error | null) => {
        said.push(word);
        wake();
      };
      const answer: PlayedAnswer = {
        prompt,
        signal,
        say: push,
        finish: () => push(null),
        fail: push,
      };
      const next = waiting.shift();
      if (next) next(answer);
      else answers.push(answer);
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        const word = said.shift();
        if (word === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if (word instanceof Error) throw word;
        else if (word !== null) yield { type: 'text-delta', text: word };
        else {
          yield { type: 'usage', promptTokens: 3, completionTokens: 5 };
          yield { type: 'finish', reason: 'stop' };
          return;
        }
      }
    },
  };
  return {
    provider,
    async asked() {
      return answers.shift() ?? new Promise((resolve) => waiting.push(resolve));
    },
  };
}
