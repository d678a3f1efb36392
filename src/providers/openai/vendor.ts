import type { ModelInfo } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import type { Call } from './call.ts';

/** Everything that the parts of this provider share. */
export type Vendor = {
  call: Call;
  /** The models that the server names. @throws DomainError `ai-*` */
  list(signal: AbortSignal): Promise<ModelInfo[]>;
  /** Empty for a server that wants none. */
  apiKey: string;
  settings: ProviderSettings;
  surroundings: ProviderSurroundings;
  /** Whether the address is the public one of OpenAI, whose newest models speak a stricter dialect of their own protocol. */
  isOpenAi: boolean;
  /** The model to ask for; empty until it is known. */
  model: string;
  /** Learnt once from a refusal: whether the server counts tokens in a stream when asked. */
  countsInStream: boolean;
};
