import type { Provider } from '../core/provider.ts';
import { anthropic } from './anthropic.ts';
import { basic } from './basic.ts';
import { realSurroundings } from './define-provider.ts';
import type { ProviderSettings } from './define-provider.ts';
import { google } from './google.ts';
import { grpc } from './grpc.ts';
import { mistral } from './mistral.ts';
import { nlp } from './nlp.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { transformers } from './transformers.ts';

/** Every AI that `AI_PROVIDER` can name. */
export const providers = { basic, nlp, openai, ollama, anthropic, google, mistral, grpc, transformers };

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as ProviderName[];

/** The AI that the settings name. Connects to nothing yet. @throws TypeError when the base URL is none */
export const createProvider = (settings: ProviderSettings, surroundings = realSurroundings): Provider =>
  providers[settings.provider].create(settings, surroundings);
