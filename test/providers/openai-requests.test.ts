import { describe, expect, it } from 'vitest';
import type { Prompt, Provider } from '../../src/core/provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import type { FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { ask, collect } from './collect.ts';
import { open } from './open-vendor.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

const bodyOf = async (parts: { fake: FakeAi; provider: Provider }, prompt: Prompt) => {
  await collect(parts.provider, prompt);
  return parts.fake.requests.at(-1)?.body;
};

describe('what is sent', () => {
  it('is the conversation, the instructions first', async () => {
    const prompt = ask('', {
      system: 'Be kind.',
      turns: [
        { role: 'user', text: 'Hi' },
        { role: 'assistant', text: 'Hello!' },
        { role: 'user', text: 'Bye' },
      ],
    });
    const body = await bodyOf(await open({ temperature: 0.2, maxOutputTokens: 50 }), prompt);
    expect(body).toEqual({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      max_tokens: 50,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello!' },
        { role: 'user', content: 'Bye' },
      ],
    });
  });

  it('is the shown start and the wish to go on, when it continues', async () => {
    const parts = await open();
    const turns: Prompt['turns'] = [{ role: 'user', text: 'Count' }];
    const body = await bodyOf(parts, ask('', { turns, continues: 'One, tw' }));
    expect(body?.messages).toEqual([
      { role: 'user', content: 'Count' },
      { role: 'assistant', content: 'One, tw' },
      { role: 'user', content: expect.stringContaining('exactly where it stopped') },
    ]);
    const again = await bodyOf(
      parts,
      ask('', { turns: [...turns, { role: 'assistant', text: 'One, tw' }], continues: 'One, tw' }),
    );
    expect(again).toEqual(body);
  });

  it('takes turns, even where a reply failed', async () => {
    const turns: Prompt['turns'] = [
      { role: 'user', text: 'Hi' },
      { role: 'user', text: 'Are you there?' },
      { role: 'assistant', text: 'Yes.' },
      { role: 'user', text: 'Good' },
    ];
    expect((await bodyOf(await open(), ask('', { turns })))?.messages).toEqual([
      { role: 'user', content: 'Hi\n\nAre you there?' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: 'Good' },
    ]);
  });

  it('is an image only for a model that sees', async () => {
    const turns: Prompt['turns'] = [
      { role: 'user', text: 'What is it?', imageUrls: ['https://example.org/cat.png'] },
    ];
    expect((await bodyOf(await open({ seesImages: true }), ask('', { turns })))?.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'https://example.org/cat.png' } },
        ],
      },
    ]);
    expect((await bodyOf(await open(), ask('', { turns })))?.messages).toEqual([
      { role: 'user', content: 'What is it?' },
    ]);
  });

  it('carries the key when there is one', async () => {
    const { fake, provider } = await open({ apiKey: 'sk-1' }, { apiKey: 'sk-1' });
    expect((await collect(provider, ask('hi'))).thrown).toBeUndefined();
    expect(fake.requests.at(-1)?.headers.authorization).toBe('Bearer sk-1');
    const other = await open();
    await collect(other.provider, ask('hi'));
    expect(other.fake.requests.at(-1)?.headers.authorization).toBeUndefined();
  });
});

describe('the model', () => {
  it('is the first that the server offers when none is set, asked for once', async () => {
    const { fake, provider } = await open({ model: '' }, { models: ['llama', 'mistral'] });
    expect(provider.model).toBe('');
    await collect(provider, ask('hi'));
    await collect(provider, ask('hi'));
    expect(provider.model).toBe('llama');
    expect(fake.requests.map(({ path, body }) => [path, body.model])).toEqual([
      ['/v1/models', undefined],
      ['/v1/chat/completions', 'llama'],
      ['/v1/chat/completions', 'llama'],
    ]);
  });

  it('must exist', async () => {
    const { provider } = await open({ model: '' }, { models: [] });
    expect((await collect(provider, ask('hi'))).thrown).toMatchObject({ code: 'ai-refused' });
  });

  it('has a name of its own at the public service', () => {
    const provider = createProvider(settingsFor({ provider: 'openai' }), playedSurroundings());
    expect(provider.model).not.toBe('');
  });

  it('cannot be listed without the right key', async () => {
    const { provider } = await open({}, { apiKey: 'sk-right' });
    await expect(provider.models()).rejects.toMatchObject({ code: 'ai-refused', cause: { status: 401 } });
  });
});
