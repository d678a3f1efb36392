import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errors } from '../../src/core/errors.ts';
import { answerText, createFakeAi, type FakeAi, unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type Sent, signInV1, type V1Client, type V1Reply } from '../support/v1-client.ts';
import { readAllEvents, readEvents, textOf } from './read-events.ts';
import { messagesOf, newChat, transports } from './transports.ts';

type Fault = { script: string; code: ErrorCode; status: 502 | 503 | 504; tokens?: number };

const faults: readonly Fault[] = [
  { script: 'status=401', code: 'ai-refused', status: 503 },
  { script: 'status=429', code: 'ai-rate-limited', status: 503 },
  { script: 'status=500', code: 'ai-unreachable', status: 503 },
  { script: 'fault=close-before-headers', code: 'ai-unreachable', status: 503 },
  { script: 'fault=hang-before-headers', code: 'ai-timed-out', status: 504 },
  { script: 'fault=hang-before-token', code: 'ai-timed-out', status: 504 },
  { script: 'fault=hang-between-tokens', code: 'ai-timed-out', status: 504, tokens: 3 },
  { script: 'fault=cut', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=cut,at=0', code: 'ai-broke-off', status: 502 },
  { script: 'fault=end', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=end,at=0', code: 'ai-broke-off', status: 502 },
  { script: 'fault=garbage-bytes', code: 'ai-answer-unreadable', status: 502, tokens: 3 },
  { script: 'fault=garbage-json', code: 'ai-answer-unreadable', status: 502, tokens: 3 },
  { script: 'fault=not-http', code: 'ai-answer-unreadable', status: 502 },
  { script: 'fault=error-event', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=error-event,at=0', code: 'ai-refused', status: 503 },
  { script: 'count=0', code: 'ai-answer-empty', status: 502 },
];

const data = temporaryFolder();
let ai: FakeAi;
let server: ServerProcess;

const start = (baseUrl: string, folder: string) =>
  startServerProcess({
    DATA_DIR: folder,
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: baseUrl,
    AI_MODEL: 'fake',
    AI_RETRIES: '1',
    AI_FIRST_TOKEN_TIMEOUT_MS: '600',
    AI_IDLE_TIMEOUT_MS: '250',
    LOG_LEVEL: 'error',
  });

beforeAll(async () => {
  ai = await createFakeAi();
  server = await start(ai.url, data.folder);
});
afterAll(async () => {
  await server.stop();
  await ai.close();
  data.remove();
});

describe.each(Object.entries(transports))('%s', (name, ask) => {
  let client: V1Client;
  beforeAll(async () => {
    client = await signInV1(server.url, `asking by: ${name}`);
  });

  it.concurrent.for(faults)('$script is $code', async (fault, { expect }) => {
    const question = `fake:${fault.script}`;
    const told = await ask(client, question);
    await expectHonestEnd({ client, question, told, fault, expect });
  });

  it('carries text whose characters were cut in pieces exactly', async () => {
    const told = await ask(client, 'fake:split=on,count=40');
    expect(told).toMatchObject({ status: 200, text: answerText(40) });
    expect(told.ends).toEqual([{ code: null, sentence: null }]);
    if (told.chat === null) return;
    const [, answer] = await messagesOf(client, told.chat);
    expect(answer).toMatchObject({ role: 'assistant', state: 'complete', text: answerText(40) });
  });

  it('ends each reply once', async () => {
    const { ended, open } = await endsInFeed(client);
    const expected = name.startsWith('ask') ? 0 : faults.length + 1;
    expect(ended.size).toBe(expected);
    expect([...ended.values()].filter((times) => times !== 1)).toEqual([]);
    expect(open).toEqual([]);
  });
});

describe('an AI at an address where nobody listens', () => {
  const folder = temporaryFolder();
  let lonely: ServerProcess;
  beforeAll(async () => {
    lonely = await start(await unreachableUrl(), folder.folder);
  });
  afterAll(async () => {
    await lonely.stop();
    folder.remove();
  });

  it.each(Object.entries(transports))('%s: is ai-unreachable', async (name, ask) => {
    const client = await signInV1(lonely.url, `lonely: ${name}`);
    const told = await ask(client, 'hello?');
    const fault: Fault = { script: '', code: 'ai-unreachable', status: 503 };
    await expectHonestEnd({ client, question: 'hello?', told, fault, expect });
  });
});

describe('stopping a reply closes the connection to the AI at once', () => {
  const folder = temporaryFolder();
  let patient: ServerProcess;
  let client: V1Client;
  beforeAll(async () => {
    // With the usual patience nothing but the stop ends these replies.
    patient = await startServerProcess({
      DATA_DIR: folder.folder,
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'fake',
    });
    client = await signInV1(patient.url, 'stopping');
  });
  afterAll(async () => {
    await patient.stop();
    folder.remove();
  });

  it.each([
    { when: 'before the headers', script: 'fault=hang-before-headers', text: '' },
    { when: 'before the first token', script: 'fault=hang-before-token', text: '' },
    { when: 'between tokens', script: 'fault=hang-between-tokens', text: answerText(3) },
  ])('$when', async ({ script, text }) => {
    const asked = ai.nextRequest();
    const chat = await newChat(client);
    const question = { text: `fake:${script}` };
    const { reply } = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, question);
    const { ended } = await asked;
    await seen(client, reply, text.length);

    const startedAt = performance.now();
    const stopped = client.json<V1Reply>('POST', `/api/v1/replies/${reply.id}/stop`);
    expect(await ended).toBe('left');
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(await stopped).toMatchObject({ state: 'stopped', error_code: null });
    const events = await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
    expect(textOf(events)).toBe(text);
    expect(events.at(-1)).toMatchObject({ event: 'reply-end', id: 'end' });
  });
});

type Told = Awaited<ReturnType<(typeof transports)[string]>>;
type Met = { client: V1Client; question: string; told: Told; fault: Fault; expect: typeof expect };

/** What holds after every failure, whoever failed and however it was asked. */
async function expectHonestEnd({ client, question, told, fault, expect }: Met): Promise<void> {
  const { code, status, tokens = 0 } = fault;
  const text = answerText(tokens);
  expect(told.ends).toHaveLength(1);
  expect(told.ends[0]?.sentence).toBe(errors[code].message);
  if (told.status === 200) {
    expect(told.ends[0]?.code).toBe(code);
    expect(told.text).toBe(text);
  } else {
    expect(told.status).toBe(status);
    if (status === 503) expect(Number(told.retryAfter)).toBeGreaterThan(0);
    else expect(told.text).toBe('');
  }
  if (told.chat === null) return;
  const messages = await messagesOf(client, told.chat);
  expect(messages[0]).toMatchObject({ role: 'user', state: 'complete', text: question });
  const kept = tokens === 0 ? [] : [expect.objectContaining({ role: 'assistant', state: 'failed', text })];
  expect(messages.slice(1)).toEqual(kept);
}

/** Waits until so much of a reply's text can be seen. */
async function seen(client: V1Client, reply: V1Reply, length: number): Promise<void> {
  if (length === 0) return;
  for await (const { id } of client.events(`/api/v1/replies/${reply.id}/events`)) {
    if (Number(id) >= length) return;
  }
  throw new Error('The reply ended before its text was there');
}

/** How often each of a user's replies ended, and which have not, by everything that ever happened to the user. */
async function endsInFeed(client: V1Client): Promise<{ ended: Map<string, number>; open: string[] }> {
  const ended = new Map<string, number>();
  const started = new Set<string>();
  const last = await newChat(client);
  const abort = new AbortController();
  const response = await fetch(`${server.url}/api/v1/events?after=0`, {
    headers: { authorization: `Bearer ${client.token}` },
    signal: abort.signal,
  });
  for await (const { event, data: body } of readEvents(response)) {
    const change = JSON.parse(body) as { reply?: V1Reply; chat?: { id: string } };
    if (event === 'chat-created' && change.chat?.id === last) break;
    const id = change.reply?.id;
    if (id === undefined) continue;
    if (event === 'reply-start') started.add(id);
    if (event === 'reply-end') ended.set(id, (ended.get(id) ?? 0) + 1);
  }
  abort.abort();
  return { ended, open: [...started].filter((id) => !ended.has(id)) };
}
