import type { Prompt, Provider, ProviderEvent } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import type { ProviderName } from '../index.ts';
import { countWords, splitWords } from './words.ts';

/** Who has the whole answer at once. */
export type Speaker = { name: ProviderName; respond(prompt: Prompt): Promise<string> };

/** A provider that says an answer word by word. */
export const speakWith = (
  { name, respond }: Speaker,
  settings: ProviderSettings,
  { pause }: ProviderSurroundings,
): Provider => {
  const delayMs = settings.basicWordDelayMs;

  async function* stream(prompt: Prompt, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    if (signal.aborted) return;
    const words = splitWords(rest(await respond(prompt), prompt.continues ?? ''));
    for (const text of words) {
      yield { type: 'text-delta', text };
      if (delayMs > 0) await pause(delayMs, signal).catch(() => undefined);
      if (signal.aborted) return;
    }
    const promptTokens = countPrompt(prompt);
    yield { type: 'usage', promptTokens, completionTokens: words.length, estimated: true };
    yield { type: 'finish', reason: 'stop' };
  }

  return {
    name,
    model: name,
    seesImages: false,
    models: async () => [{ id: name }],
    stream,
    close: async () => {
      // Nothing is held open.
    },
  };
};

/** What is still to be said after the shown start; an answer that has changed since (the time, say) is given afresh. */
const rest = (answer: string, shown: string): string => {
  if (answer.startsWith(shown)) return answer.slice(shown.length);
  return `${/\s$/.test(shown) ? '' : ' '}... I was cut off there, so here it is again: ${answer}`;
};

/** Words stand in for tokens: an honest estimate, not a vendor's count. */
const countPrompt = (prompt: Prompt): number =>
  prompt.turns.reduce((sum, turn) => sum + countWords(turn.text), countWords(prompt.system));
