import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { Recording, Speech } from '../../src/core/voice/voice.ts';
import { createVoice, type VoiceSettings } from '../../src/voice/create-voice.ts';
import { unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import {
  createFakeVoice,
  type FakeVoice,
  spokenAudio,
  type VoiceScene,
} from '../support/fake-voice/fake-voice.ts';
import { samples } from '../support/sample-files.ts';

const apiKey = 'sk-the-key-of-the-voice';
const patient = {
  apiKey,
  transcriptionModel: 'whisper-1',
  speechModel: 'tts-1',
  speechVoice: 'alloy',
  firstTokenTimeoutMs: 5_000,
  idleTimeoutMs: 5_000,
};
const recording: Recording = {
  bytes: Buffer.concat([samples['wav']?.bytes ?? Buffer.alloc(0), Buffer.from('\r\n--\0\u00ff')]),
  mediaType: 'audio/wav',
  name: 'recording.wav',
};

let fake: FakeVoice;
beforeAll(async () => {
  fake = await createFakeVoice();
});
afterAll(() => fake.close());
beforeEach(() => void fake.requests.splice(0));

type Opened = {
  transcribe(signal?: AbortSignal): Promise<string>;
  speak(signal?: AbortSignal): Promise<Speech>;
  [Symbol.asyncDispose](): Promise<void>;
};
function open(changes: Partial<VoiceSettings> = {}): Opened {
  const voice = createVoice({ ...patient, baseUrl: fake.url, ...changes });
  const { transcribe, speak } = voice;
  if (!transcribe || !speak) throw new Error('A half is missing');
  const never = new AbortController().signal;
  return {
    transcribe: (signal = never) => transcribe(recording, signal),
    speak: (signal = never) => speak({ text: 'Hello!' }, signal),
    [Symbol.asyncDispose]: () => voice.close(),
  };
}

async function listen({ bytes }: Speech): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const hear = async (voice: Opened, signal?: AbortSignal) => listen(await voice.speak(signal));

/** How it fails: the code, and what the log would be told. */
async function failureOf(work: Promise<unknown>): Promise<{ code: string; told: string }> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof DomainError)) throw new Error(`No failure of ours: ${String(thrown)}`);
  return { code: thrown.code, told: String(thrown.cause) };
}

describe('transcribe', () => {
  it('sends the recording as a form, and gives what was heard', async () => {
    await using voice = open();
    expect(await voice.transcribe()).toBe(' What is a compiler?');
    const [request] = fake.requests;
    expect(request).toMatchObject({
      path: '/v1/audio/transcriptions',
      headers: { authorization: `Bearer ${apiKey}`, connection: 'close' },
      fields: { model: 'whisper-1', response_format: 'json' },
      file: { name: 'recording.wav', type: 'audio/wav' },
    });
    expect(request?.file?.bytes).toEqual(recording.bytes);
  });

  it.each<[string, VoiceScene, string]>([
    ['no JSON', { body: 'What is a compiler?' }, 'ai-answer-unreadable'],
    ['no text', { body: '{"text": 7}' }, 'ai-answer-unreadable'],
    ['null', { body: 'null' }, 'ai-answer-unreadable'],
    ['no UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 'ai-answer-unreadable'],
    ['far too much', { said: 'x'.repeat(1_100_000) }, 'ai-answer-unreadable'],
  ])('fails honestly where the answer is %s', async (_name, scene, code) => {
    await using voice = open();
    fake.play(scene);
    expect(await failureOf(voice.transcribe())).toMatchObject({ code });
  });
});

describe('speak', () => {
  it('asks for a voice and a format, and gives the audio', async () => {
    await using voice = open();
    const speech = await voice.speak();
    expect(speech.mediaType).toBe('audio/mpeg');
    expect(await listen(speech)).toEqual(spokenAudio('Hello!'));
    expect(fake.requests[0]).toMatchObject({
      path: '/v1/audio/speech',
      fields: { model: 'tts-1', input: 'Hello!', voice: 'alloy', response_format: 'mp3' },
    });
  });

  it('says the type that the content has, whatever the service calls it', async () => {
    await using voice = open();
    fake.play({ body: spokenAudio('x', 'wav'), headers: { 'content-type': 'text/html' } });
    expect((await voice.speak(AbortSignal.timeout(5_000))).mediaType).toBe('audio/wav');
  });

  it.each<[string, VoiceScene, string]>([
    ['empty', { body: '' }, 'ai-answer-empty'],
    ['a sentence', { body: '{"error": "no such voice"}' }, 'ai-answer-unreadable'],
    ['a web page', { body: '<html><script>alert(1)</script>' }, 'ai-answer-unreadable'],
  ])('fails honestly where the answer is %s', async (_name, scene, code) => {
    await using voice = open();
    fake.play(scene);
    expect(await failureOf(voice.speak())).toMatchObject({ code });
  });
});

describe.each([
  ['transcribe', (voice: Opened, signal?: AbortSignal) => voice.transcribe(signal)],
  ['speak', hear],
] as const)('%s', (_name, ask) => {
  it.each<[string, VoiceScene, string]>([
    ['400', { status: 400, body: `{"error": {"message": "no ${apiKey}"}}` }, 'ai-refused'],
    ['401', { status: 401 }, 'ai-refused'],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 'ai-rate-limited'],
    ['500', { status: 500, body: 'oh' }, 'ai-unreachable'],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'ai-refused'],
    ['a connection that is cut', { fault: 'cut' }, 'ai-broke-off'],
  ])('%s ends in its code, asked once, without the key', async (_what, scene, code) => {
    await using voice = open();
    fake.play(scene);
    const failure = await failureOf(ask(voice));
    expect(failure.code).toBe(code);
    expect(failure.told).not.toContain(apiKey);
    expect(fake.requests.length).toBe(1);
  });

  it('nobody there is `ai-unreachable`', async () => {
    await using voice = open({ baseUrl: await unreachableUrl() });
    expect(await failureOf(ask(voice))).toMatchObject({ code: 'ai-unreachable' });
  });

  it.each(['silence', 'stall'] as const)('%s is given up in time, with its connection', async (fault) => {
    await using voice = open({ firstTokenTimeoutMs: 60, idleTimeoutMs: 60 });
    fake.play({ fault });
    expect(await failureOf(ask(voice))).toMatchObject({ code: 'ai-timed-out' });
    expect(await fake.requests[0]?.ended).toBe('left');
  });

  it.each(['silence', 'stall'] as const)('who leaves in a %s takes the connection along', async (fault) => {
    await using voice = open();
    const leaving = new AbortController();
    fake.play({ fault });
    const arrived = fake.nextRequest();
    const asked = ask(voice, leaving.signal);
    const request = await arrived;
    const left = performance.now();
    leaving.abort();
    await expect(asked).rejects.toThrow(/aborted/);
    expect(await request.ended).toBe('left');
    expect(performance.now() - left).toBeLessThan(1_000);
  });
});

describe('a half', () => {
  it('is missing where its model is', async () => {
    const deaf = createVoice({ ...patient, baseUrl: fake.url, transcriptionModel: undefined });
    const mute = createVoice({ ...patient, baseUrl: fake.url, speechModel: undefined });
    expect([deaf.transcribe, typeof deaf.speak]).toEqual([undefined, 'function']);
    expect([typeof mute.transcribe, mute.speak]).toEqual(['function', undefined]);
    await Promise.all([deaf.close(), mute.close()]);
  });
});
