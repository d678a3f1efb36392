import { createVendor } from './ai-sdk/create-vendor.ts';
import type { VendorProtocol } from './ai-sdk/vendor-protocol.ts';
import type { ProviderDefinition } from './define-provider.ts';

const protocol: VendorProtocol = {
  name: 'google',
  version: 'v1beta',
  load: async () => {
    const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
    return (options, model) => createGoogleGenerativeAI(options)(model);
  },
  modelList: {
    path: '/models?pageSize=1000',
    headers: (apiKey) => ({ 'x-goog-api-key': apiKey }),
    read: ({ models = [] }) =>
      models
        .filter(({ supportedGenerationMethods: methods }) => canChat(methods))
        .map(({ name }) => (typeof name === 'string' ? name.replace(/^models\//, '') : '')),
  },
  saysWhyItEnds: ({ candidates, promptFeedback }) => {
    const reason = (candidates as readonly { finishReason?: unknown }[] | undefined)?.[0]?.finishReason;
    const { blockReason } = (promptFeedback ?? {}) as { blockReason?: unknown };
    return (Boolean(reason) && !openReasons.has(reason)) || Boolean(blockReason);
  },
};

/** Said in place of a reason while the answer goes on. */
const openReasons: ReadonlySet<unknown> = new Set(['FINISH_REASON_UNSPECIFIED', 'CONTINUATION']);

const canChat = (methods: unknown): boolean => !Array.isArray(methods) || methods.includes('generateContent');

/** The Gemini models of Google, by the Gemini API. */
export const google: ProviderDefinition = {
  name: 'google',
  create: (settings, surroundings) =>
    Object.assign(createVendor(protocol, settings, surroundings), { needsImageBytes: true }),
};
