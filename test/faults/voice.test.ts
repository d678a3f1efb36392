import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeVoice, type FakeVoice, spokenAudio } from '../support/fake-voice/fake-voice.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { signInV1, type V1Client } from '../support/v1-client.ts';

const data = temporaryFolder();
let fake: FakeVoice;
let server: ServerProcess;
let client: V1Client;
beforeAll(async () => {
  fake = await createFakeVoice();
  server = await startServerProcess({
    DATA_DIR: data.folder,
    VOICE_BASE_URL: fake.url,
    VOICE_CONCURRENCY: '1',
    AI_QUEUE_LENGTH: '1',
    AI_BREAKER_FAILURES: '2',
    AI_BREAKER_PAUSE_MS: '60000',
    LOG_LEVEL: 'error',
  });
  client = await signInV1(server.url, 'speaker');
});
afterAll(async () => {
  await server.stop();
  await fake.close();
  data.remove();
});

const speak = () => client.request('POST', '/api/v1/speech', { text: 'Hello!' });
const metrics = async () => (await (await fetch(`${server.url}/metrics`)).text()).split('\n');
const codeOf = async (answer: Response) => ({
  status: answer.status,
  retryAfter: Number(answer.headers.get('retry-after')),
  ...((await answer.json()) as { code: string }),
});

it('a server speaks with as many as it may at a time, and shows how many wait', async () => {
  fake.play({ fault: 'stall' });
  const arrived = fake.nextRequest();
  const first = await speak();
  await arrived;
  const second = speak();
  const questions = (state: string) => `parlance_ai_questions{provider="voice-speech",state="${state}"} 1`;
  while (!(await metrics()).includes(questions('waiting')));
  expect(await metrics()).toContain(questions('answering'));
  expect(await codeOf(await speak())).toMatchObject({ status: 503, code: 'ai-busy', retryAfter: 5 });
  await first.body?.cancel();
  expect(Buffer.from(await (await second).arrayBuffer())).toEqual(spokenAudio('Hello!'));
  expect(await metrics()).toEqual(
    expect.arrayContaining([
      'parlance_voice_total{half="speech",error="ai-busy"} 1',
      'parlance_voice_total{half="speech",error="none"} 1',
    ]),
  );
});

it('and leaves a service alone that fails again and again', async () => {
  const asked = fake.requests.length;
  for (let failure = 0; failure < 2; failure += 1) {
    fake.play({ status: 500 });
    expect(await codeOf(await speak())).toMatchObject({ status: 503, code: 'ai-unreachable' });
  }
  const left = await codeOf(await speak());
  expect(left).toMatchObject({ status: 503, code: 'ai-unreachable' });
  expect(left.retryAfter).toBeGreaterThan(50);
  expect(fake.requests).toHaveLength(asked + 2);
  expect(await metrics()).toContain('parlance_ai_breaker_open{provider="voice-speech"} 1');
});
