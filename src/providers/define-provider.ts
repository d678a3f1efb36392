import { setTimeout as pause } from 'node:timers/promises';
import type { Provider } from '../core/provider.ts';
import type { ProviderName } from './index.ts';

/** What the operator chose, read and checked by `config.ts`. A provider takes what it needs and ignores the rest. */
export type ProviderSettings = {
  provider: ProviderName;
  /** Empty: the provider's own default. */
  model: string;
  /** Empty: the vendor's public address. */
  baseUrl: string;
  /** Empty for a server that wants none. */
  apiKey: string;
  /** From the question to the first token, retries included. */
  firstTokenTimeoutMs: number;
  /** The longest silence once the answer has begun. */
  idleTimeoutMs: number;
  /** Further attempts before the first token. */
  retries: number;
  /** Undefined: the vendor's own limit. */
  maxOutputTokens: number | undefined;
  /** Undefined: the vendor's own choice. */
  temperature: number | undefined;
  /** Whether the model reads images. */
  seesImages: boolean;
  /** How long the built-in responder waits after each word. */
  basicWordDelayMs: number;
  /** Chooses among the built-in responder's equally good answers. */
  seed: number;
  /** Where the AI backend is. `caFile` is empty for the authorities that the system trusts. */
  grpc: { host: string; port: number; tls: boolean; caFile: string };
  /** Where each vendor with a protocol of its own is, and the key for it; an empty key for a server that wants none. */
  /** Folders of the library of local models, and of the models. */
  transformers: { packageDir: string; modelsDir: string };
  /** Where an Ollama is; empty for nowhere. */
  ollamaUrl: string;
  vendors: Record<VendorName, { baseUrl: string; apiKey: string }>;
};

export type VendorName = 'anthropic' | 'google' | 'mistral';

/** What a provider takes from the world besides its settings; tests play it. */
export type ProviderSurroundings = {
  now: () => Date;
  /** Between 0 (inclusive) and 1. */
  random: () => number;
  /** Rejects when the signal is aborted. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** One AI that can be chosen. `name` must be a key of the list in `index.ts`: the compiler refuses a file that is not in it. */
export type ProviderDefinition = {
  name: ProviderName;
  create(settings: ProviderSettings, surroundings: ProviderSurroundings): Provider;
};

export const realSurroundings: ProviderSurroundings = {
  now: () => new Date(),
  random: Math.random,
  pause: (ms, signal) => pause(ms, undefined, { signal }),
};
