import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findOllama } from '../../src/providers/ollama/find-ollama.ts';
import { answerText, unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import { ask, collect } from './collect.ts';
import { open } from './open-vendor.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

const look = (ollamaUrl: string) => findOllama(settingsFor({ ollamaUrl }), playedSurroundings());

describe('ollama', () => {
  it('is asked for its first model that can chat where none is set', async () => {
    const { fake, provider } = await open(
      { provider: 'ollama', model: '' },
      { models: ['llama3.2', 'qwen3'] },
    );
    expect((await collect(provider, ask('fake:count=4'))).text).toBe(answerText(4));
    expect(provider.model).toBe('llama3.2');
    expect(fake.requests.map(({ path }) => path)).toEqual([
      '/ollama/api/tags',
      '/ollama/v1/chat/completions',
    ]);
    expect(fake.requests.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('is found with its models when it runs', async () => {
    const { fake } = await open({}, { models: ['llama3.2'] });
    expect(await look(fake.urls.ollama)).toEqual([{ id: 'llama3.2' }]);
  });

  it('is not found where nobody listens, where something else answers, and where nobody is to look', async () => {
    const { fake } = await open();
    expect(await look(await unreachableUrl())).toBeUndefined();
    expect(await look(`${fake.urls.openai}/elsewhere`)).toBeUndefined();
    expect(await look('')).toBeUndefined();
  });

  it('is not waited for where something listens that says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const startedAt = performance.now();
    expect(await look(`http://127.0.0.1:${port}`)).toBeUndefined();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(490);
    silent.close();
  });
});
