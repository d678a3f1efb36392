import { describe, expect, it } from 'vitest';
import type { ProviderSurroundings } from '../../src/providers/define-provider.ts';
import { ask, collect } from './collect.ts';
import { open, vendorNames } from './open-vendor.ts';
import { playedSurroundings } from './settings.ts';

describe.each(vendorNames)('the connection to %s', (provider) => {
  it('is closed at once when the reply is stopped between tokens', async () => {
    const { fake, provider: ai } = await open({ provider });
    const delays: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const stop = new AbortController();
      let stoppedAt = 0;
      for await (const event of ai.stream(ask('fake:fault=hang-between-tokens'), stop.signal)) {
        expect(event.type).toBe('text-delta');
        setImmediate(() => {
          stoppedAt = performance.now();
          stop.abort();
        });
      }
      expect(await fake.requests.at(-1)?.ended).toBe('left');
      delays.push(performance.now() - stoppedAt);
    }
    // The best of three: a busy machine may delay any one of them.
    expect(Math.min(...delays)).toBeLessThan(200);
  });

  it.each(['hang-before-headers', 'hang-before-token'])(
    'is closed when the reply is stopped in a %s',
    async (fault) => {
      const { fake, provider: ai } = await open({ provider });
      const stop = new AbortController();
      const asked = fake.nextRequest();
      const collected = collect(ai, ask(`fake:fault=${fault}`), stop.signal);
      const request = await asked;
      stop.abort();
      expect(await collected).toMatchObject({ events: [], thrown: undefined });
      expect(await request.ended).toBe('left');
    },
  );

  it('is not tried again once the reply is stopped', async () => {
    const patient: ProviderSurroundings = {
      ...playedSurroundings(),
      pause: (_ms, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
    };
    const { fake, provider: ai } = await open({ provider, retries: 2 }, {}, patient);
    const stop = new AbortController();
    const asked = fake.nextRequest();
    const collected = collect(ai, ask('fake:status=503'), stop.signal);
    await (
      await asked
    ).ended;
    stop.abort();
    expect(await collected).toMatchObject({ events: [], thrown: undefined });
    expect(fake.requests.length).toBe(1);
  });

  it('is closed when the vendor is given up', async () => {
    const { fake, provider: ai } = await open({ provider, idleTimeoutMs: 100 });
    await collect(ai, ask('fake:fault=hang-between-tokens'));
    expect(await fake.requests[0]?.ended).toBe('left');
  });

  it.each([
    ['a complete answer', 'hi'],
    ['an answer that closes a little after its last event', 'fake:fault=late-end'],
    ['a refusal', 'fake:status=404'],
  ])('is used again after %s', async (_name, prompt) => {
    const { fake, provider: ai } = await open({ provider });
    for (let count = 0; count < 20; count += 1) {
      await collect(ai, ask(prompt));
      await fake.requests.at(-1)?.ended;
    }
    expect(await fake.requests[0]?.ended).toBe('answered');
    // The pool may not know yet that the last one is free, and alternate between a few.
    expect(new Set(fake.requests.map(({ port }) => port)).size).toBeLessThanOrEqual(5);
  });

  it('is slowed down for a slow reader instead of filling the memory', async () => {
    // 12 MB of three-byte characters: more than the sockets of both sides hold.
    const pieces = Array.from({ length: 60 }, (_, index) => `${index}${'漢'.repeat(65_000)}`);
    const { fake, provider: ai } = await open({ provider }, { script: { text: pieces } });
    const asked = fake.nextRequest();
    const stream = ai.stream(ask('hi'), new AbortController().signal);
    const events = stream[Symbol.asyncIterator]();
    let next = await events.next();
    const { ended } = await asked;
    // One that is read on gets all of it in the meantime.
    expect((await collect(ai, ask('hi'))).events.at(-1)?.type).toBe('finish');
    expect(await Promise.race([ended, Promise.resolve('still sending')])).toBe('still sending');
    let text = '';
    for (; next.done !== true; next = await events.next()) {
      if (next.value.type === 'text-delta') text += next.value.text;
    }
    // Not toBe: a difference of megabytes is no message.
    expect(text === pieces.join('')).toBe(true);
  });
});
