import { createVendor } from './ai-sdk/create-vendor.ts';
import type { VendorProtocol } from './ai-sdk/vendor-protocol.ts';
import type { ProviderDefinition } from './define-provider.ts';

const protocol: VendorProtocol = {
  name: 'mistral',
  version: 'v1',
  load: async () => {
    const { createMistral } = await import('@ai-sdk/mistral');
    return (options, model) => createMistral(options)(model);
  },
  modelList: {
    path: '/models',
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    read: ({ data = [] }) => data.filter(({ capabilities }) => canChat(capabilities)).map(({ id }) => id),
  },
  saysWhyItEnds: ({ choices }) =>
    Boolean((choices as readonly { finish_reason?: unknown }[] | undefined)?.[0]?.finish_reason),
};

const canChat = (capabilities: unknown): boolean =>
  (capabilities as { completion_chat?: unknown } | undefined)?.completion_chat !== false;

/** The models of Mistral. */
export const mistral: ProviderDefinition = {
  name: 'mistral',
  create: (settings, surroundings) => createVendor(protocol, settings, surroundings),
};
