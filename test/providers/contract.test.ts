import { describe, expect, it } from 'vitest';
import type { ProviderDefinition, VendorName } from '../../src/providers/define-provider.ts';
import { createProvider, providerNames, providers } from '../../src/providers/index.ts';
import type { ProviderName } from '../../src/providers/index.ts';
import { createFakeAi } from '../support/fake-ai/fake-ai.mjs';
import { createFakeGrpcAi } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { playLocalModels } from '../support/tiny-model/local-models.ts';
import { describeContract } from './contract.ts';
import type { ContractSubject } from './contract.ts';
import { playedSurroundings, settingsFor, vendorsAt } from './settings.ts';

/** How each provider's world is played. A provider without a line here does not compile. */
const subjects: Record<ProviderName, () => Promise<ContractSubject>> = {
  basic: () => withoutWorld('basic'),
  nlp: () => withoutWorld('nlp'),
  openai: async () => {
    const fake = await createFakeAi();
    const settings = settingsFor({ provider: 'openai', baseUrl: fake.url });
    return {
      provider: createProvider(settings, playedSurroundings()),
      long: 'fake:count=400,rate=2000',
      close: () => fake.close(),
    };
  },
  ollama: () => atVendor('ollama'),
  transformers: async () => {
    const { remove, ...transformers } = playLocalModels();
    const settings = settingsFor({ provider: 'transformers', model: 'tiny', transformers });
    return {
      provider: createProvider(settings, playedSurroundings()),
      long: 'fake:count=400',
      close: async () => remove(),
    };
  },
  anthropic: () => atVendor('anthropic'),
  google: () => atVendor('google'),
  mistral: () => atVendor('mistral'),
  grpc: async () => {
    const fake = await createFakeGrpcAi();
    const settings = settingsFor({
      provider: 'grpc',
      grpc: { host: fake.host, port: fake.port, tls: false, caFile: '' },
    });
    return {
      provider: createProvider(settings, playedSurroundings()),
      long: 'fake:count=400',
      close: () => fake.close(),
    };
  },
};

const withoutWorld = async (provider: ProviderName): Promise<ContractSubject> => ({
  provider: createProvider(settingsFor({ provider }), playedSurroundings()),
  long: 'help',
  close: async () => {
    // There is nothing to end.
  },
});

const atVendor = async (provider: VendorName | 'ollama'): Promise<ContractSubject> => {
  const fake = await createFakeAi();
  const settings = settingsFor({
    provider,
    model: 'fake-model',
    ollamaUrl: fake.urls.ollama,
    vendors: vendorsAt(fake.urls),
  });
  return {
    provider: createProvider(settings, playedSurroundings()),
    long: 'fake:count=400,rate=2000',
    close: () => fake.close(),
  };
};

for (const name of providerNames) describeContract(name, subjects[name]);

describe('the list of providers', () => {
  it('names each by its own name', () => {
    expect(Object.entries(providers).map(([key, { name }]) => [key, name])).toEqual(
      providerNames.map((name) => [name, name]),
    );
  });

  it('takes no provider that is missing from it', () => {
    // @ts-expect-error -- a definition whose name is no key of the list does not compile
    const stray: ProviderDefinition['name'] = 'stray';
    expect(Object.keys(providers)).not.toContain(stray);
  });
});
