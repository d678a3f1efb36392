import type {
  ProviderSettings,
  ProviderSurroundings,
  VendorName,
} from '../../src/providers/define-provider.ts';

/** Settings of a test: nothing waits long, nothing is retried unless the test says so. */
export const settingsFor = (changes: Partial<ProviderSettings>): ProviderSettings => ({
  provider: 'basic',
  model: '',
  baseUrl: '',
  apiKey: '',
  firstTokenTimeoutMs: 5000,
  idleTimeoutMs: 5000,
  retries: 0,
  maxOutputTokens: undefined,
  temperature: undefined,
  seesImages: false,
  basicWordDelayMs: 0,
  seed: 1,
  grpc: { host: '127.0.0.1', port: 50_051, tls: false, caFile: '' },
  transformers: { packageDir: '/nowhere', modelsDir: '/nowhere' },
  ollamaUrl: 'http://127.0.0.1:9',
  vendors: vendorsAt({}),
  ...changes,
});

/** A world in which pauses take no time and are noted, the clock stands, and chance is fair. */
export const playedSurroundings = (): ProviderSurroundings & { pauses: number[] } => {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => new Date('2026-03-04T15:30:00Z'),
    random: () => 0.5,
    pause: async (ms, signal) => {
      signal.throwIfAborted();
      pauses.push(ms);
    },
  };
};

/** Where the vendors are played: nowhere, unless the test says so. */
export const vendorsAt = (
  urls: Partial<Record<VendorName, string>>,
  apiKey = 'sk-test',
): ProviderSettings['vendors'] => ({
  anthropic: { baseUrl: urls.anthropic ?? 'http://127.0.0.1:9', apiKey },
  google: { baseUrl: urls.google ?? 'http://127.0.0.1:9', apiKey },
  mistral: { baseUrl: urls.mistral ?? 'http://127.0.0.1:9', apiKey },
});
