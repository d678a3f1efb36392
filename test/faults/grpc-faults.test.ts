import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errors } from '../../src/core/errors.ts';
import { createFakeGrpcAi, type FakeGrpcAi } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { grpcAnswer } from '../support/fake-grpc-ai/script.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type Sent, signInV1, type V1Client, type V1Reply } from '../support/v1-client.ts';
import { messagesOf, newChat, transports } from './transports.ts';

type Fault = { script: string; code: ErrorCode; status: 502 | 503 | 504; tokens?: number };

const faults: readonly Fault[] = [
  { script: 'status=14,at=0', code: 'ai-unreachable', status: 503 },
  { script: 'status=8,at=0', code: 'ai-rate-limited', status: 503 },
  { script: 'status=7,at=0', code: 'ai-refused', status: 503 },
  { script: 'status=2', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=close-before-headers', code: 'ai-unreachable', status: 503 },
  { script: 'fault=reset', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=end-without-status', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=hang-before-headers', code: 'ai-timed-out', status: 504 },
  { script: 'fault=hang', code: 'ai-timed-out', status: 504, tokens: 3 },
  { script: 'fault=no-protobuf,at=0', code: 'ai-answer-unreadable', status: 502 },
  { script: 'fault=large-chunk,at=0', code: 'ai-answer-unreadable', status: 502 },
  { script: 'count=0', code: 'ai-answer-empty', status: 502 },
];

const data = temporaryFolder();
const patientData = temporaryFolder();
let ai: FakeGrpcAi;
let server: ServerProcess;

const start = (folder: string, env: Record<string, string>) =>
  startServerProcess({
    DATA_DIR: folder,
    AI_PROVIDER: 'grpc',
    GRPC_AI_BACKEND_HOST: ai.host,
    GRPC_AI_BACKEND_PORT: String(ai.port),
    LOG_LEVEL: 'error',
    ...env,
  });

beforeAll(async () => {
  ai = await createFakeGrpcAi();
  const impatient = { AI_RETRIES: '0', AI_FIRST_TOKEN_TIMEOUT_MS: '600', AI_IDLE_TIMEOUT_MS: '250' };
  server = await start(data.folder, impatient);
});
afterAll(async () => {
  await server.stop();
  await ai.close();
  data.remove();
  patientData.remove();
});

describe.each(Object.entries(transports))('%s', (name, ask) => {
  let client: V1Client;
  beforeAll(async () => {
    client = await signInV1(server.url, `asking by: ${name}`);
  });

  // One after the other: some of these cut the connection that all share.
  it.each(faults)('$script is $code', async ({ script, code, status, tokens = 0 }) => {
    const question = `fake:${script}`;
    const told = await ask(client, question);
    const text = grpcAnswer(tokens);
    expect(told.ends).toHaveLength(1);
    expect(told.ends[0]?.sentence).toBe(errors[code].message);
    if (told.status === 200) expect(told).toMatchObject({ text, ends: [{ code }] });
    else expect(told.status).toBe(status);
    if (told.chat === null) return;
    const kept = tokens === 0 ? [] : [expect.objectContaining({ role: 'assistant', state: 'failed', text })];
    expect(await messagesOf(client, told.chat)).toEqual([
      expect.objectContaining({ role: 'user', state: 'complete', text: question }),
      ...kept,
    ]);
  });

  it('is answered by a backend that says no done, but that all is well', async () => {
    const told = await ask(client, 'fake:done=off');
    expect(told).toMatchObject({ status: 200, text: grpcAnswer(20), ends: [{ code: null }] });
  });
});

describe('stopping a reply reaches the AI backend at once', () => {
  let patient: ServerProcess;
  let client: V1Client;
  beforeAll(async () => {
    // With the usual patience nothing but the stop ends these replies.
    patient = await start(patientData.folder, {});
    client = await signInV1(patient.url, 'stopping');
  });
  afterAll(() => patient.stop());

  it.each(['fault=hang-before-headers', 'fault=hang,at=0', 'fault=hang'])('%s', async (script) => {
    const asked = ai.nextRequest();
    const chat = await newChat(client);
    const question = { text: `fake:${script}` };
    const { reply } = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, question);
    const { ended } = await asked;
    const startedAt = performance.now();
    const stopped = client.json<V1Reply>('POST', `/api/v1/replies/${reply.id}/stop`);
    expect(await ended).toBe('left');
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(await stopped).toMatchObject({ state: 'stopped', error_code: null });
  });
});
