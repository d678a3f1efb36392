import type { Provider } from '../core/provider.ts';
import { basic } from './basic.ts';
import { realSurroundings } from './define-provider.ts';
import type { ProviderSettings } from './define-provider.ts';
import { grpc } from './grpc.ts';
import { openai } from './openai.ts';

/** Every AI that `AI_PROVIDER` can name. */
export const providers = { basic, openai, grpc };

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as ProviderName[];

/** The AI that the settings name. Connects to nothing yet. @throws TypeError when the base URL is none */
export const createProvider = (settings: ProviderSettings, surroundings = realSurroundings): Provider =>
  providers[settings.provider].create(settings, surroundings);
