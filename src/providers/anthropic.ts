import { createVendor } from './ai-sdk/create-vendor.ts';
import type { VendorProtocol } from './ai-sdk/vendor-protocol.ts';
import type { ProviderDefinition } from './define-provider.ts';

const protocol: VendorProtocol = {
  name: 'anthropic',
  version: 'v1',
  load: async () => {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return (options, model) => createAnthropic(options)(model);
  },
  modelList: {
    path: '/models?limit=1000',
    headers: (apiKey) => ({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
    read: ({ data = [] }) => data.map(({ id }) => id),
  },
  saysWhyItEnds: ({ type, delta }) =>
    type === 'message_stop' || Boolean((delta as { stop_reason?: unknown } | null)?.stop_reason),
};

/** The models of Anthropic. */
export const anthropic: ProviderDefinition = {
  name: 'anthropic',
  create: (settings, surroundings) => createVendor(protocol, settings, surroundings),
};
