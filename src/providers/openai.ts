import type { ProviderDefinition } from './define-provider.ts';
import { createOpenAi } from './openai/create-openai.ts';

const publicUrl = 'https://api.openai.com/v1';

/** Anything that speaks the OpenAI chat protocol: OpenAI itself, vLLM, llama.cpp, LM Studio, and many vendors. */
export const openai: ProviderDefinition = {
  name: 'openai',
  create: (settings, surroundings) => {
    const url = settings.baseUrl === '' ? publicUrl : settings.baseUrl;
    const isOpenAi = URL.canParse(url) && new URL(url).origin === new URL(publicUrl).origin;
    return createOpenAi({ name: 'openai', url, apiKey: settings.apiKey, isOpenAi }, settings, surroundings);
  },
};
