import { describe, expect, it } from 'vitest';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import { createProvider, providerNames, providers } from '../../src/providers/index.ts';
import type { ProviderName } from '../../src/providers/index.ts';
import { createFakeAi } from '../support/fake-ai/fake-ai.mjs';
import { createFakeGrpcAi } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { describeContract } from './contract.ts';
import type { ContractSubject } from './contract.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

/** How each provider's world is played. A provider without a line here does not compile. */
const subjects: Record<ProviderName, () => Promise<ContractSubject>> = {
  basic: async () => ({
    provider: createProvider(settingsFor({ provider: 'basic' }), playedSurroundings()),
    long: 'help',
    close: async () => {
      // It has no world.
    },
  }),
  openai: async () => {
    const fake = await createFakeAi();
    const settings = settingsFor({ provider: 'openai', baseUrl: fake.url });
    return {
      provider: createProvider(settings, playedSurroundings()),
      long: 'fake:count=400,rate=2000',
      close: () => fake.close(),
    };
  },
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
