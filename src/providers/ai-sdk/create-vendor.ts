import type { Provider } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import { openAgent } from '../http/agent.ts';
import { readBaseUrl } from '../http/base-url.ts';
import { listModels } from '../http/list-models.ts';
import { Patience } from '../stream/patience.ts';
import { streamAnswer } from './stream-answer.ts';
import type { Vendor } from './vendor.ts';
import type { VendorProtocol } from './vendor-protocol.ts';

/**
 * A vendor whose protocol its AI SDK package speaks. The package turns prompts into requests and streams into parts; connections,
 * patience, further attempts and limits are the same as for every other AI. @throws TypeError when its base URL is none
 */
export const createVendor = (
  protocol: VendorProtocol,
  settings: ProviderSettings,
  surroundings: ProviderSurroundings,
): Provider => {
  const { apiKey, baseUrl } = settings.vendors[protocol.name];
  const { origin, path } = readBaseUrl(baseUrl, protocol.version);
  const agent = openAgent();
  const vendor: Vendor = { protocol, apiKey, agent, origin, path, settings, surroundings };

  return {
    name: protocol.name,
    model: settings.model,
    seesImages: settings.seesImages,
    models: async (signal = new AbortController().signal) => {
      const patience = new Patience(settings, signal);
      const list = {
        agent,
        origin,
        path: path + protocol.modelList.path,
        headers: protocol.modelList.headers(apiKey),
        secret: apiKey,
        now: surroundings.now(),
        read: protocol.modelList.read,
      };
      return listModels(list, patience.signal).finally(() => patience.stop());
    },
    stream: (prompt, signal) => streamAnswer(vendor, prompt, signal),
    // Replies are ended by their signals before this; what is left has nobody to read it.
    close: () => agent.destroy(),
  };
};
