import { Agent } from 'undici';
import type { Provider } from '../core/provider.ts';
import type { ProviderDefinition, ProviderSettings, ProviderSurroundings } from './define-provider.ts';
import { readBaseUrl } from './openai/base-url.ts';
import { createCall } from './openai/call.ts';
import { listModels } from './openai/list-models.ts';
import { Patience } from './openai/patience.ts';
import { streamAnswer } from './openai/stream-answer.ts';
import type { Vendor } from './openai/vendor.ts';

/** Anything that speaks the OpenAI chat protocol: OpenAI itself, Ollama, vLLM, llama.cpp, LM Studio. */
export const openai: ProviderDefinition = {
  name: 'openai',
  create: (settings, surroundings) => createOpenAi(settings, surroundings),
};

const publicUrl = 'https://api.openai.com/v1';
/** What the public service is asked for when no model is set; other servers are asked what they have, and the first is taken. */
const publicModel = 'gpt-4o-mini';

const createOpenAi = (settings: ProviderSettings, surroundings: ProviderSurroundings): Provider => {
  const baseUrl = readBaseUrl(settings.baseUrl === '' ? publicUrl : settings.baseUrl);
  const isOpenAi = baseUrl.origin === new URL(publicUrl).origin;
  const agent = new Agent({
    connections: 1024,
    pipelining: 1,
    connect: { timeout: 10_000 },
    // Patience is stricter, and knows what a token is.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const vendor: Vendor = {
    call: createCall({ ...baseUrl, agent, apiKey: settings.apiKey }),
    settings,
    surroundings,
    isOpenAi,
    model: settings.model === '' && isOpenAi ? publicModel : settings.model,
    countsInStream: true,
  };

  return {
    name: 'openai',
    get model() {
      return vendor.model;
    },
    seesImages: settings.seesImages,
    models: async (signal = new AbortController().signal) => {
      const patience = new Patience(settings, signal);
      return listModels(vendor, patience.signal).finally(() => patience.stop());
    },
    stream: (prompt, signal) => streamAnswer(vendor, prompt, signal),
    // Replies are ended by their signals before this; what is left has nobody to read it.
    close: () => agent.destroy(),
  };
};
