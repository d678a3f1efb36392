import { afterEach, beforeEach } from 'vitest';
import type { ProviderSettings, ProviderSurroundings } from '../../src/providers/define-provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { createFakeAi } from '../support/fake-ai/fake-ai.mjs';
import type { FakeAiOptions } from '../support/fake-ai/fake-ai.mjs';
import { playedSurroundings, settingsFor, vendorsAt } from './settings.ts';

let closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
});

/** Every provider that asks a vendor over HTTP. */
export const vendorNames = ['openai', 'anthropic', 'google', 'mistral'] as const;
export type HttpProvider = (typeof vendorNames)[number];

/** A fake AI and the provider that asks it, `openai` unless said; both are closed after the test. */
export const open = async (
  changes: Partial<ProviderSettings> = {},
  options: FakeAiOptions = {},
  surroundings: ProviderSurroundings = playedSurroundings(),
) => {
  const fake = await createFakeAi(options);
  const settings = settingsFor({
    provider: 'openai',
    model: 'm',
    baseUrl: fake.url,
    ollamaUrl: fake.urls.ollama,
    vendors: vendorsAt(fake.urls),
    ...changes,
  });
  const provider = createProvider(settings, surroundings);
  closers.push(
    () => provider.close(),
    () => fake.close(),
  );
  return { fake, provider };
};
