import type { ProviderDefinition } from './define-provider.ts';
import { readBaseUrl } from './http/base-url.ts';
import { createOpenAi } from './openai/create-openai.ts';

/** The models of an Ollama, by the OpenAI protocol that it speaks as well. Needs no key. */
export const ollama: ProviderDefinition = {
  name: 'ollama',
  create: (settings, surroundings) => {
    const { path } = readBaseUrl(settings.ollamaUrl);
    const modelList = {
      path: `${path.slice(0, path.lastIndexOf('/'))}/api/tags`,
      read: ({ models = [] }: Record<string, readonly Record<string, unknown>[]>) =>
        models.filter(canChat).map(({ name }) => name),
    };
    const server = {
      name: 'ollama',
      url: settings.ollamaUrl,
      apiKey: '',
      isOpenAi: false,
      modelList,
    } as const;
    const provider = createOpenAi(server, settings, surroundings);
    return Object.assign(provider, { needsImageBytes: true });
  },
};

/** Models that only turn text into numbers are listed beside the others. */
const canChat = ({ name, details }: Record<string, unknown>): boolean => {
  const { family } = (details ?? {}) as { family?: unknown };
  return ![name, family].some((word) => typeof word === 'string' && /embed|bert/i.test(word));
};
