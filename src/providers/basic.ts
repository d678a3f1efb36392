import { createResponder } from './basic/responder.ts';
import { speakWith } from './basic/speak-with.ts';
import type { ProviderDefinition } from './define-provider.ts';

/** The built-in responder: answers from rules, needs no network, and says the same to the same question under the same seed. */
export const basic: ProviderDefinition = {
  name: 'basic',
  create: (settings, surroundings) => {
    const respond = createResponder({ now: surroundings.now, seed: settings.seed });
    return speakWith({ name: 'basic', respond: async (prompt) => respond(prompt) }, settings, surroundings);
  },
};
