import type { Provider } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import { openAgent } from '../http/agent.ts';
import { readBaseUrl } from '../http/base-url.ts';
import { listModels, type ModelList } from '../http/list-models.ts';
import type { ProviderName } from '../index.ts';
import { Patience } from '../stream/patience.ts';
import { createCall } from './call.ts';
import { streamAnswer } from './stream-answer.ts';
import type { Vendor } from './vendor.ts';

export type OpenAiServer = {
  name: ProviderName;
  /** With or without its version. */
  url: string;
  apiKey: string;
  /** Whether it is the public one of OpenAI, whose newest models speak a stricter dialect of their own protocol. */
  isOpenAi: boolean;
  /** Where its models are listed; without one, at `/models` as in the protocol. */
  modelList?: Pick<ModelList, 'path' | 'read'>;
};

/** What the public service is asked for when no model is set; other servers are asked what they have, and the first is taken. */
const publicModel = 'gpt-4o-mini';

/** A server that speaks the OpenAI chat protocol. Connects to nothing yet. @throws TypeError when its URL is none */
export const createOpenAi = (
  { name, url, apiKey, isOpenAi, modelList }: OpenAiServer,
  settings: ProviderSettings,
  surroundings: ProviderSurroundings,
): Provider => {
  const baseUrl = readBaseUrl(url);
  const agent = openAgent();
  const list = (signal: AbortSignal) =>
    listModels(
      {
        agent,
        origin: baseUrl.origin,
        path: `${baseUrl.path}/models${baseUrl.query}`,
        headers: apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` },
        secret: apiKey,
        now: surroundings.now(),
        read: ({ data = [] }) => data.map(({ id }) => id),
        ...modelList,
      },
      signal,
    );
  const vendor: Vendor = {
    call: createCall({ ...baseUrl, agent, apiKey }),
    list,
    apiKey,
    settings,
    surroundings,
    isOpenAi,
    model: settings.model === '' && isOpenAi ? publicModel : settings.model,
    countsInStream: true,
  };

  return {
    name,
    get model() {
      return vendor.model;
    },
    seesImages: settings.seesImages,
    models: async (signal = new AbortController().signal) => {
      const patience = new Patience(settings, signal);
      return list(patience.signal).finally(() => patience.stop());
    },
    stream: (prompt, signal) => streamAnswer(vendor, prompt, signal),
    // Replies are ended by their signals before this; what is left has nobody to read it.
    close: () => agent.destroy(),
  };
};
