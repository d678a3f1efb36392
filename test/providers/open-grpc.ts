import { afterEach, beforeEach } from 'vitest';
import type { ProviderSettings, ProviderSurroundings } from '../../src/providers/define-provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { createFakeGrpcAi, type FakeGrpcOptions } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

let closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
});

/** Closes something after the test. */
export const closeLater = (thing: { close(): Promise<void> }): void => void closers.push(() => thing.close());

/** The provider that asks an AI backend at a port; closed after the test. */
export const askAt = (
  port: number,
  changes: Partial<ProviderSettings> = {},
  surroundings: ProviderSurroundings = playedSurroundings(),
) => {
  const grpc = { host: '127.0.0.1', port, tls: false, caFile: '' };
  const provider = createProvider(settingsFor({ provider: 'grpc', grpc, ...changes }), surroundings);
  closeLater(provider);
  return provider;
};

/** A fake AI backend, closed after the test. */
export const openFake = async (options: FakeGrpcOptions = {}) => {
  const fake = await createFakeGrpcAi(options);
  closeLater(fake);
  return fake;
};

/** A fake AI backend and the provider that asks it; both are closed after the test. */
export const open = async (changes: Partial<ProviderSettings> = {}, surroundings = playedSurroundings()) => {
  const fake = await openFake();
  return { fake, provider: askAt(fake.port, changes, surroundings) };
};
