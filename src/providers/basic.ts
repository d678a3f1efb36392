import type { Prompt, Provider, ProviderEvent } from '../core/provider.ts';
import { createResponder } from './basic/responder.ts';
import { countWords, splitWords } from './basic/words.ts';
import type { ProviderDefinition, ProviderSettings, ProviderSurroundings } from './define-provider.ts';

/** The built-in responder: answers from rules, needs no network, and says the same to the same question under the same seed. */
export const basic: ProviderDefinition = {
  name: 'basic',
  create: (settings, surroundings) => createBasic(settings, surroundings),
};

const model = 'basic';

const createBasic = (settings: ProviderSettings, { now, pause }: ProviderSurroundings): Provider => {
  const respond = createResponder({ now, seed: settings.seed });
  const delayMs = settings.basicWordDelayMs;

  async function* stream(prompt: Prompt, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    if (signal.aborted) return;
    const words = splitWords(rest(respond(prompt), prompt.continues ?? ''));
    for (const text of words) {
      yield { type: 'text-delta', text };
      if (delayMs > 0) await pause(delayMs, signal).catch(() => undefined);
      if (signal.aborted) return;
    }
    yield { type: 'usage', promptTokens: countPrompt(prompt), completionTokens: words.length };
    yield { type: 'finish', reason: 'stop' };
  }

  return {
    name: 'basic',
    model,
    seesImages: false,
    models: async () => [{ id: model }],
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
