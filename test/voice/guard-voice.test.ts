import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/http/metrics.ts';
import { createVoice } from '../../src/voice/create-voice.ts';
import { guardVoice, type WatchedVoice } from '../../src/voice/guard-voice.ts';
import type { Speech } from '../../src/core/voice/voice.ts';
import { createFakeVoice, type FakeVoice } from '../support/fake-voice/fake-voice.ts';
import { samples } from '../support/sample-files.ts';

const recording = { bytes: samples['wav']?.bytes ?? Buffer.alloc(0), mediaType: 'audio/wav', name: 'a.wav' };
let fake: FakeVoice;
let voice: WatchedVoice;
let metrics: ReturnType<typeof createMetrics>;
beforeAll(async () => {
  fake = await createFakeVoice();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.requests.splice(0);
  metrics = createMetrics();
  const service = createVoice({
    baseUrl: fake.url,
    apiKey: '',
    transcriptionModel: 'whisper-1',
    speechModel: 'tts-1',
    speechVoice: 'alloy',
    firstTokenTimeoutMs: 5_000,
    idleTimeoutMs: 5_000,
  });
  voice = guardVoice(service, {
    breaker: { failures: 2, pauseMs: 60_000 },
    queue: { concurrency: 1, waiting: 1 },
    ended: metrics.noteVoice,
  });
});
afterEach(() => voice.close());

const never = new AbortController().signal;
const taken = async ({ bytes }: Speech): Promise<void> => {
  for await (const _ of bytes);
};
const asks = {
  transcription: async (signal = never) => voice.transcribe?.(recording, signal),
  speech: async (signal = never) => {
    const speech = await voice.speak?.({ text: 'Hello!' }, signal);
    if (speech) await taken(speech);
  },
};
const counted = async () =>
  (await metrics.text()).body.split('\n').filter((line) => line.startsWith('parlance_voice_total{'));

describe.each(['transcription', 'speech'] as const)('%s', (half) => {
  const ask = asks[half];
  const other = asks[half === 'speech' ? 'transcription' : 'speech'];
  const load = () => voice.load().find(({ provider }) => provider === `voice-${half}`);

  it('asks no more at a time than it may; the next one waits, and one more is too many', async () => {
    fake.play({ fault: 'silence' });
    const leaving = new AbortController();
    const arrived = fake.nextRequest();
    const first = ask(leaving.signal).catch((error: unknown) => error);
    await arrived;
    const second = ask();
    await expect(ask()).rejects.toMatchObject({ code: 'ai-busy', retryAfterSeconds: 5 });
    expect(load()).toMatchObject({ asking: 1, waiting: 1 });
    // The other half has places of its own.
    await other();
    expect(fake.requests).toHaveLength(2);
    leaving.abort();
    await first;
    await second;
    expect(load()).toMatchObject({ asking: 0, waiting: 0 });
    expect(await counted()).toEqual(
      expect.arrayContaining([
        `parlance_voice_total{half="${half}",error="none"} 1`,
        `parlance_voice_total{half="${half}",error="ai-busy"} 1`,
      ]),
    );
  });

  it('whoever leaves the queue leaves no trace in it', async () => {
    fake.play({ fault: 'silence' });
    const [asking, waiting] = [new AbortController(), new AbortController()];
    const arrived = fake.nextRequest();
    const first = ask(asking.signal).catch(() => 'left');
    await arrived;
    const second = ask(waiting.signal).catch(() => 'left');
    waiting.abort();
    expect(await second).toBe('left');
    expect(load()).toMatchObject({ asking: 1, waiting: 0 });
    asking.abort();
    expect(await first).toBe('left');
    expect(load()).toMatchObject({ asking: 0, waiting: 0 });
    expect(await counted()).toEqual([]);
  });

  it('leaves a service alone that has failed several times in a row', async () => {
    for (let failure = 0; failure < 2; failure += 1) {
      fake.play({ status: 500 });
      await expect(ask()).rejects.toMatchObject({ code: 'ai-unreachable' });
    }
    expect(load()).toMatchObject({ isLeftAlone: true });
    await expect(ask()).rejects.toMatchObject({ code: 'ai-unreachable', retryAfterSeconds: 60 });
    expect(fake.requests).toHaveLength(2);
    await other();
    expect(await counted()).toContain(`parlance_voice_total{half="${half}",error="ai-unreachable"} 3`);
  });

  it('what a service refuses closes it for nobody', async () => {
    for (let refusal = 0; refusal < 3; refusal += 1) {
      fake.play({ status: 400 });
      await expect(ask()).rejects.toMatchObject({ code: 'ai-refused' });
    }
    await ask();
  });
});

describe('speech', () => {
  it('keeps its place until the last of it was taken', async () => {
    const speech = await voice.speak?.({ text: 'Hello!' }, never);
    expect(voice.load()[1]).toMatchObject({ provider: 'voice-speech', asking: 1 });
    if (speech) await taken(speech);
    expect(voice.load()[1]).toMatchObject({ asking: 0 });
  });

  it('gives its place back where nobody begins to take it', async () => {
    const leaving = new AbortController();
    await voice.speak?.({ text: 'Hello!' }, leaving.signal);
    leaving.abort();
    expect(voice.load()[1]).toMatchObject({ asking: 0 });
  });
});
