import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../src/core/provider.ts';
import type { VendorName } from '../../src/providers/define-provider.ts';
import { answerText } from '../support/fake-ai/fake-ai.mjs';
import { ask, collect } from './collect.ts';
import { open } from './open-vendor.ts';

const names: readonly VendorName[] = ['anthropic', 'google', 'mistral'];

describe.each(names)('what %s answers', (provider) => {
  it.each([
    ['every byte in its own packet', 'fake:count=20,split=on'],
    ['hidden reasoning before it', 'fake:count=20,reasoning=5'],
    ['a cut after the reason', 'fake:fault=cut-after-finish,at=20'],
  ])('is exact with %s', async (_name, prompt) => {
    const { provider: ai } = await open({ provider });
    const { text, events, thrown } = await collect(ai, ask(prompt));
    expect({ text, thrown }).toEqual({ text: answerText(20), thrown: undefined });
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: expect.stringMatching(/stop|other/) });
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['something_else', 'other'],
  ])('ends for the reason %s as %s', async (theirs, ours) => {
    const { provider: ai } = await open({ provider });
    const { events } = await collect(ai, ask(`fake:finish=${theirs}`));
    expect(events.at(-1)).toEqual({ type: 'finish', reason: ours });
  });

  it('is complete where the server forgets to close after its reason', async () => {
    const { provider: ai } = await open({ provider, idleTimeoutMs: 100 });
    const { events, thrown } = await collect(ai, ask('fake:fault=hang-after-finish'));
    expect(thrown).toBeUndefined();
    expect(events.at(-1)?.type).toBe('finish');
  });

  it('is joined where a character was cut in two', async () => {
    const { provider: ai } = await open(
      { provider },
      { script: { text: ['a\ud83d', '\ude00b', 'c\u0000'] } },
    );
    expect((await collect(ai, ask('hi'))).text).toBe('a😀bc\ufffd');
  });

  it('is counted as the vendor counts', async () => {
    const { provider: ai } = await open({ provider });
    const { events } = await collect(ai, ask('fake:count=7'));
    expect(events.at(-2)).toEqual({ type: 'usage', promptTokens: 1, completionTokens: 7 });
  });

  it('comes from the models that can chat', async () => {
    const { provider: ai } = await open({ provider }, { models: ['one', 'two'], apiKey: 'sk-test' });
    expect(await ai.models()).toEqual([{ id: 'one' }, { id: 'two' }]);
  });
});

const conversation: Prompt = ask('', {
  system: 'Be kind.',
  turns: [
    { role: 'user', text: 'Hi' },
    { role: 'assistant', text: 'Hello!' },
    { role: 'user', text: 'What is it?', imageUrls: ['data:image/png;base64,iVBORw0KGgo='] },
  ],
});
const address = 'https://example.org/cat.png';
const picture: Prompt['turns'][number] = { role: 'user', text: 'Look', imageUrls: [address] };

/** What each vendor is sent for the conversation above, and for a picture at a public address. */
const sent: Record<VendorName, { path: string; body: object; picture: object }> = {
  anthropic: {
    path: '/anthropic/v1/messages',
    body: {
      model: 'm',
      max_tokens: 50,
      temperature: 0.2,
      stream: true,
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Hello!' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          ],
        },
      ],
    },
    picture: {
      messages: [{ content: [{}, { type: 'image', source: { type: 'url', url: address } }] }],
    },
  },
  google: {
    path: '/google/v1beta/models/m:streamGenerateContent?alt=sse',
    body: {
      generationConfig: { maxOutputTokens: 50, temperature: 0.2 },
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ text: 'Hello!' }] },
        {
          role: 'user',
          parts: [{ text: 'What is it?' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
        },
      ],
    },
    picture: { contents: [{ parts: [{}, { fileData: { fileUri: address } }] }] },
  },
  mistral: {
    path: '/mistral/v1/chat/completions',
    body: {
      model: 'm',
      max_tokens: 50,
      temperature: 0.2,
      stream: true,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: 'Hello!' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
          ],
        },
      ],
    },
    picture: { messages: [{ content: [{}, { type: 'image_url', image_url: address }] }] },
  },
};

describe.each(names)('what %s is sent', (provider) => {
  const seeing = { provider, seesImages: true } as const;

  it('is the conversation in its own words, with the key and nothing of the environment', async () => {
    const { fake, provider: ai } = await open(
      { ...seeing, temperature: 0.2, maxOutputTokens: 50 },
      { apiKey: 'sk-test' },
    );
    expect((await collect(ai, conversation)).thrown).toBeUndefined();
    const [request] = fake.requests;
    expect(request).toMatchObject({ path: sent[provider].path, headers: { 'user-agent': 'parlance' } });
    expect(request?.body).toEqual(sent[provider].body);
  });

  it('is the address of a picture, and no picture where it cannot see', async () => {
    const { fake, provider: ai } = await open(seeing);
    await collect(ai, ask('', { turns: [picture] }));
    expect(fake.requests.at(-1)?.body).toMatchObject(sent[provider].picture);
    const blind = await open({ provider });
    await collect(blind.provider, ask('', { turns: [picture] }));
    expect(JSON.stringify(blind.fake.requests.at(-1)?.body)).not.toContain('example.org');
  });

  it('is the shown start and the wish to go on, when it continues', async () => {
    const { fake, provider: ai } = await open({ provider });
    await collect(ai, ask('Count', { continues: 'One, tw' }));
    const body = JSON.stringify(fake.requests.at(-1)?.body);
    expect(body).toContain('One, tw');
    expect(body).toContain('exactly where it stopped');
  });
});
