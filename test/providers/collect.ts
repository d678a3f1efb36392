import type { Prompt, Provider, ProviderEvent } from '../../src/core/provider.ts';

/** A prompt with one thing said. */
export const ask = (text: string, changes: Partial<Prompt> = {}): Prompt => ({
  system: '',
  turns: [{ role: 'user', text }],
  userId: '1',
  chatId: '1',
  ...changes,
});

export type Collected = { events: ProviderEvent[]; text: string; thrown: unknown };

/** Everything that a stream says, and what it threw at its end. */
export const collect = async (
  provider: Provider,
  prompt: Prompt,
  signal = new AbortController().signal,
): Promise<Collected> => {
  const collected: Collected = { events: [], text: '', thrown: undefined };
  try {
    for await (const event of provider.stream(prompt, signal)) {
      collected.events.push(event);
      if (event.type === 'text-delta') collected.text += event.text;
    }
  } catch (thrown) {
    collected.thrown = thrown;
  }
  return collected;
};
