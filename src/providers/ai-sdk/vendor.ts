import type { Dispatcher } from 'undici';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import type { VendorProtocol } from './vendor-protocol.ts';

/** Everything that the parts of this provider share. */
export type Vendor = {
  protocol: VendorProtocol;
  apiKey: string;
  agent: Dispatcher;
  origin: string;
  /** Where its API begins, with the version. */
  path: string;
  settings: ProviderSettings;
  surroundings: ProviderSurroundings;
};
