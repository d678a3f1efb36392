import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Prompt, Provider } from '../../src/core/provider.ts';
import type { ProviderSettings } from '../../src/providers/define-provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { answerText, createFakeAi } from '../support/fake-ai/fake-ai.mjs';
import type { FakeAi, FakeAiOptions } from '../support/fake-ai/fake-ai.mjs';
import { ask, collect } from './collect.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

let closers: (() => Promise<void>)[];
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
});

const open = async (changes: Partial<ProviderSettings> = {}, options: FakeAiOptions = {}) => {
  const fake = await createFakeAi(options);
  const settings = settingsFor({ provider: 'openai', model: 'm', baseUrl: fake.url, ...changes });
  const provider = createProvider(settings, playedSurroundings());
  closers.push(
    () => provider.close(),
    () => fake.close(),
  );
  return { fake, provider };
};

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

  it('is an image only for a model that sees', async () => {
    const turns: Prompt['turns'] = [
      { role: 'user', text: 'What is it?', imageUrl: 'https://example.org/cat.png' },
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

describe('what is read', () => {
  it.each([
    ['every byte in its own packet', 'fake:count=20,split=on'],
    ['an answer that does not stream', 'fake:count=20,fault=json'],
    ['hidden reasoning before it', 'fake:count=20,reasoning=5'],
    ['no [DONE] after the reason', 'fake:count=20,done=off'],
    ['a cut after the reason', 'fake:fault=cut-after-finish,at=20'],
    ['no usage', 'fake:count=20,usage=off'],
  ])('is exact with %s', async (_name, prompt) => {
    const { provider } = await open();
    const { text, events, thrown } = await collect(provider, ask(prompt));
    expect({ text, thrown }).toEqual({ text: answerText(20), thrown: undefined });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it.each([
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'other'],
  ])('ends for the vendor’s reason %s as %s', async (theirs, ours) => {
    const { provider } = await open();
    const { events } = await collect(provider, ask(`fake:finish=${theirs}`));
    expect(events.at(-1)).toEqual({ type: 'finish', reason: ours });
  });

  it('takes [DONE] alone for an end, of unknown reason', async () => {
    const { provider } = await open();
    const { events, text } = await collect(provider, ask('fake:fault=done-without-finish'));
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'other' });
    expect(text).toBe(answerText(3));
  });

  it('does not wait for a server that forgets to close after its reason', async () => {
    const { provider } = await open({ idleTimeoutMs: 50 });
    const { events, thrown } = await collect(provider, ask('fake:fault=hang-after-finish'));
    expect(thrown).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('joins a character that the vendor cut in two', async () => {
    const { provider } = await open({}, { script: { text: ['a\ud83d', '\ude00b', '\ud83d', 'c\u0000'] } });
    expect((await collect(provider, ask('hi'))).text).toBe('a😀b\ufffdc\ufffd');
  });

  it('counts tokens as the vendor does', async () => {
    const { provider } = await open();
    const { events } = await collect(provider, ask('fake:count=7'));
    expect(events.at(-2)).toEqual({ type: 'usage', promptTokens: 1, completionTokens: 7 });
  });

  it('asks once more, without the counts, where a server refuses them, and remembers', async () => {
    const { fake, provider } = await open();
    const { text } = await collect(provider, ask('fake:fault=refuses-stream-options,times=1,count=2'));
    expect(text).toBe(answerText(2));
    await collect(provider, ask('hi'));
    expect(fake.requests.map(({ body }) => body.stream_options)).toEqual([
      { include_usage: true },
      undefined,
      undefined,
    ]);
  });
});

describe('the connection', () => {
  it('is closed at once when the reply is stopped between tokens', async () => {
    const { fake, provider } = await open();
    const stop = new AbortController();
    let stoppedAt = Infinity;
    for await (const event of provider.stream(ask('fake:fault=hang-between-tokens'), stop.signal)) {
      expect(event.type).toBe('text-delta');
      setImmediate(() => {
        stoppedAt = performance.now();
        stop.abort();
      });
    }
    expect(await fake.requests[0]?.ended).toBe('left');
    expect(performance.now() - stoppedAt).toBeLessThan(200);
  });

  it.each(['hang-before-headers', 'hang-before-token'])(
    'is closed when the reply is stopped in a %s',
    async (fault) => {
      const { fake, provider } = await open();
      const stop = new AbortController();
      const asked = fake.nextRequest();
      const collected = collect(provider, ask(`fake:fault=${fault}`), stop.signal);
      const request = await asked;
      stop.abort();
      expect(await collected).toMatchObject({ events: [], thrown: undefined });
      expect(await request.ended).toBe('left');
    },
  );

  it('is closed when the vendor is given up', async () => {
    const { fake, provider } = await open({ idleTimeoutMs: 50 });
    await collect(provider, ask('fake:fault=hang-between-tokens'));
    expect(await fake.requests[0]?.ended).toBe('left');
  });

  it.each([
    ['a complete answer', 'hi'],
    ['an answer that closes a little after its last event', 'fake:fault=late-end'],
    ['a refusal', 'fake:status=404'],
  ])('is used again after %s', async (_name, prompt) => {
    const { fake, provider } = await open();
    for (let count = 0; count < 20; count += 1) {
      await collect(provider, ask(prompt));
      await fake.requests.at(-1)?.ended;
    }
    expect(await fake.requests[0]?.ended).toBe('answered');
    // The pool may not know yet that the last one is free, and alternate between a few.
    expect(new Set(fake.requests.map(({ port }) => port)).size).toBeLessThanOrEqual(5);
  });

  it('is slowed down for a slow reader instead of filling the memory', async () => {
    const { fake, provider } = await open();
    const asked = fake.nextRequest();
    const stream = provider.stream(ask('fake:count=40000'), new AbortController().signal);
    const events = stream[Symbol.asyncIterator]();
    let text = '';
    const first = await events.next();
    if (first.value?.type === 'text-delta') text += first.value.text;
    const { ended } = await asked;
    // The vendor cannot end before it is read on: 40,000 tokens are 7 MB, far more than sockets hold.
    expect(
      await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, 'still sending'))]),
    ).toBe('still sending');
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.type === 'text-delta') text += next.value.text;
    }
    expect(text).toBe(answerText(40_000));
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
