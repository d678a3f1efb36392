import type { Prompt } from '../core/provider.ts';
import { speakWith } from './basic/speak-with.ts';
import type { ProviderDefinition } from './define-provider.ts';

/** The built-in responder with an ear for language: intents, people, places, dates, numbers and moods. Needs no network. */
export const nlp: ProviderDefinition = {
  name: 'nlp',
  create: (settings, surroundings) => {
    let loading: Promise<(prompt: Prompt) => string> | undefined;
    // The words that it knows take half a second to load: only who chose it waits, and with the first message.
    const load = () =>
      (loading ??= import('./nlp/listener.ts').then(({ createListener }) =>
        createListener({ now: surroundings.now, seed: settings.seed }),
      ));
    const respond = async (prompt: Prompt) => (await load())(prompt);
    return speakWith({ name: 'nlp', respond }, settings, surroundings);
  },
};
