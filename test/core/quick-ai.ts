import type { Prompt, Provider } from '../../src/core/provider.ts';

export type QuickAi = Provider & {
  /** What it was asked, oldest first. */
  readonly prompts: readonly Prompt[];
};

/** Answers at once, each time in other words; where the question begins with `silence`, not at all. */
export function createQuickAi(): QuickAi {
  const prompts: Prompt[] = [];
  return {
    name: 'quick',
    model: 'quick-1',
    seesImages: true,
    prompts,
    models: async () => [],
    close: async () => undefined,
    async *stream(prompt) {
      prompts.push(prompt);
      if (prompt.turns.at(-1)?.text.startsWith('silence')) return;
      yield { type: 'text-delta', text: `answer ${prompts.length}` };
      yield { type: 'finish', reason: 'stop' };
    },
  };
}
