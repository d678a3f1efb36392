import { describe, expect, it } from 'vitest';
import { answerText } from '../support/fake-ai/fake-ai.mjs';
import { ask, collect } from './collect.ts';
import { open } from './open-vendor.ts';

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
