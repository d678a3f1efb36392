import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { integrityOf } from '../support/stored-data.ts';
import {
  createV1Client,
  type Sent,
  signInV1,
  type V1Client,
  type V1Message,
  type V1Reply,
} from '../support/v1-client.ts';
import { ask, historiesSend, type HistoriesAnswer, sendTwoToHistories } from './histories-sends.ts';
import { readStream, type Stream } from './read-stream.ts';
import { messagesOf, newChat } from './transports.ts';

const graceMs = 1_200;
const slow = 'fake:count=100000,rate=40';
const quick = 'fake:count=20,rate=100';
const short = 'fake:count=3';

let ai: FakeAi;
let usual: Promise<UsualStop>;
beforeAll(async () => {
  ai = await createFakeAi();
  // It takes eight seconds, in which the other tests run.
  usual = stopWithUsualGrace();
  usual.catch(() => undefined);
});
afterAll(() => ai.close());

const start = (folder: string, env: Record<string, string> = {}) =>
  startServerProcess({
    DATA_DIR: folder,
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: ai.url,
    AI_MODEL: 'fake',
    RATE_LIMITS: 'off',
    SHUTDOWN_GRACE_MS: String(graceMs),
    LOG_LEVEL: 'info',
    ...env,
  });

/** Resolves when the server has printed something. */
function printed(server: ServerProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!server.output().includes(text)) return;
      server.child.stdout?.off('data', look);
      resolve();
    };
    server.child.stdout?.on('data', look);
    look();
  });
}

describe('SIGTERM under load', () => {
  const data = temporaryFolder();
  let client: V1Client;
  let token: string;
  let code: number | null;
  let tookMs: number;
  let load: Outcome[];
  const streams: Record<'quick' | 'slow' | 'waiting' | 'feed', Stream> = Object.create(null) as never;
  const sent: Record<'quick' | 'slow' | 'waiting', Sent> = Object.create(null) as never;
  const histories: Record<'quick' | 'slow' | 'waiting', HistoriesAnswer> = Object.create(null) as never;
  const questions: Record<'quick' | 'slow', HistoriesAnswer> = Object.create(null) as never;

  beforeAll(async () => {
    const server = await start(data.folder);
    client = await signInV1(server.url, 'stopping');
    token = client.token;
    const busyChat = await newChat(client);
    const send = (chat: string, text: string) =>
      client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, { text });
    const loaders = Array.from({ length: 8 }, (_, index) => keepSending(client, index));
    sent.slow = await send(busyChat, slow);
    sent.waiting = await send(busyChat, short);
    const open = (path: string) => readStream(server.url + path, token);
    streams.slow = await open(eventsOf(sent.slow));
    streams.waiting = await open(eventsOf(sent.waiting));
    streams.feed = await open('/api/v1/events');
    const answers = await sendTwoToHistories({ ai, client }, { first: slow, second: short });
    const slowQuestion = ask({ ai, client }, slow);
    // The quick ones last: they are to be running when the signal comes.
    sent.quick = await send(await newChat(client), quick);
    streams.quick = await open(eventsOf(sent.quick));
    const quickAnswer = historiesSend({ ai, client }, quick);
    const quickQuestion = ask({ ai, client }, quick);
    await Promise.all([streams.slow.said('text-delta'), streams.quick.said('text-delta')]);
    await Promise.all([quickAnswer.asked, quickQuestion.asked, slowQuestion.asked]);

    const startedAt = performance.now();
    code = await server.stop();
    tookMs = performance.now() - startedAt;
    load = (await Promise.all(loaders)).flat();
    histories.quick = await quickAnswer.answer;
    histories.slow = await answers.first;
    histories.waiting = await answers.second;
    questions.quick = await quickQuestion.answer;
    questions.slow = await slowQuestion.answer;
  });
  afterAll(data.remove);

  it('ends with 0, within its grace', () => {
    expect(code).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(graceMs - 10);
    expect(tookMs).toBeLessThan(graceMs + 1_500);
  });

  it('lets replies finish that can, and interrupts the others', async () => {
    expect(await streams.quick.whole).toMatch(/event: reply-end\nid: end\ndata: .*"state":"complete".*\n\n$/);
    expect(await streams.slow.whole).toMatch(
      /event: reply-error\nid: end\ndata: .*"code":"reply-interrupted".*\n\n$/,
    );
  });

  it('sends readers of what goes on elsewhere there', async () => {
    expect(await streams.waiting.whole).toMatch(/\n\nretry: \d+\n\n$/);
    expect(await streams.feed.whole).toMatch(/\n\nretry: \d+\n\n$/);
  });

  it('answers those who wait for a reply', () => {
    expect(histories.quick.status).toBe(200);
    expect(histories.slow).toMatchObject({ status: 502 });
    expect(histories.waiting).toMatchObject({ status: 503 });
    expect(Number(histories.waiting.retryAfter)).toBeGreaterThan(0);
    expect(questions.quick.status).toBe(200);
    expect(questions.slow).toMatchObject({ status: 503 });
    expect(Number(questions.slow.retryAfter)).toBeGreaterThan(0);
  });

  it('fails no request that it has accepted, and the next start has everything', async () => {
    expect(await integrityOf(data.folder)).toBe('ok');
    expect(load.filter(({ status }) => status === 202).length).toBeGreaterThan(8);
    expect(load.filter(({ status }) => ![202, 429, 503, 'refused'].includes(status))).toEqual([]);

    const server = await start(data.folder, { REPLY_LEASE_MS: '500' });
    try {
      const again = createV1Client(server.url, token);
      const byChat = new Map<string, V1Message[]>();
      for (const chat of new Set(load.map((one) => one.chat))) {
        byChat.set(chat, await messagesOf(again, chat));
      }
      for (const { chat, text, status } of load) {
        const stored = (byChat.get(chat) ?? []).filter((message) => message.text === text);
        // What was refused has no effect, and what was accepted has one.
        expect({ text, status, times: stored.length }).toEqual({
          text,
          status,
          times: status === 202 ? 1 : 0,
        });
      }
      const stopped = await again.json<V1Reply>('GET', `/api/v1/replies/${sent.slow.reply.id}`);
      expect(stopped).toMatchObject({ state: 'interrupted', error_code: 'reply-interrupted' });
      for await (const { event } of again.events(eventsOf(sent.waiting))) {
        if (event === 'text-delta') continue;
        expect(event).toBe('reply-end');
      }
      const waited = await again.json<V1Reply>('GET', `/api/v1/replies/${sent.waiting.reply.id}`);
      expect(waited.state).toBe('complete');
    } finally {
      await server.stop();
    }
  });
});

describe('SIGTERM with the usual grace', () => {
  it('has ended with 0 within ten seconds, its readers with an end, whatever the AI does', async () => {
    const { code, tookMs, seen } = await usual;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
    expect(seen).toMatch(/event: reply-error\nid: end\ndata: .*\n\n$/);
  });

  it('exits at once when it is asked again', async () => {
    const data = temporaryFolder();
    const server = await start(data.folder, { SHUTDOWN_GRACE_MS: '' });
    try {
      const client = await signInV1(server.url, 'impatient');
      const chat = await newChat(client);
      await client.json('POST', `/api/v1/chats/${chat}/messages`, { text: slow });
      server.child.kill('SIGTERM');
      await printed(server, '"Stopping"');
      const exited = once(server.child, 'exit');
      const startedAt = performance.now();
      const askAgain = setInterval(() => server.child.kill('SIGTERM'), 100);
      expect(await exited.finally(() => clearInterval(askAgain))).toEqual([1, null]);
      expect(performance.now() - startedAt).toBeLessThan(1_500);
    } finally {
      await server.kill();
      data.remove();
    }
  });
});

const eventsOf = ({ reply }: Sent): string => `/api/v1/replies/${reply.id}/events`;

/** `refused`: the connection was, or it was closed before there was an answer. */
type Outcome = { chat: string; text: string; status: number | 'refused' };

/** Sends message after message until the server takes none. */
async function keepSending(client: V1Client, index: number): Promise<Outcome[]> {
  const chat = await newChat(client);
  const outcomes: Outcome[] = [];
  for (let count = 0; ; count += 1) {
    const text = `${short} message ${count} of ${index}`;
    const status = await client.request('POST', `/api/v1/chats/${chat}/messages`, { text }).then(
      async (response) => (await response.text(), response.status),
      () => 'refused' as const,
    );
    outcomes.push({ chat, text, status });
    if (status === 503 || status === 'refused') return outcomes;
  }
}

type UsualStop = { code: number | null; tookMs: number; seen: string };

/** A server is stopped while the AI keeps a reply waiting for ever. */
async function stopWithUsualGrace(): Promise<UsualStop> {
  const data = temporaryFolder();
  const server = await start(data.folder, { SHUTDOWN_GRACE_MS: '' });
  try {
    const client = await signInV1(server.url, 'patient');
    const chat = await newChat(client);
    const text = 'fake:fault=hang-between-tokens';
    const sent = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, { text });
    const stream = await readStream(server.url + eventsOf(sent), client.token);
    await stream.said('text-delta');
    const startedAt = performance.now();
    const code = await server.stop();
    return { code, tookMs: performance.now() - startedAt, seen: await stream.whole };
  } finally {
    await server.kill();
    data.remove();
  }
}
