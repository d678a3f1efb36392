import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerText, createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { builtProgram } from '../support/built-program.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { integrityOf } from '../support/stored-data.ts';
import { type Sent, signInV1, type V1Client } from '../support/v1-client.ts';
import { messagesOf, newChat } from './transports.ts';

const healedMs = 2_000;
const data = temporaryFolder();
const file = join(data.folder, 'parlance.db');
let ai: FakeAi;
let server: ServerProcess;
let client: V1Client;

beforeAll(async () => {
  ai = await createFakeAi();
  server = await startServerProcess({
    DATA_DIR: data.folder,
    // Other databases are taken away elsewhere.
    DATABASE_URL: 'sqlite:///parlance.db',
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: ai.url,
    AI_MODEL: 'fake:count=3',
    LOG_LEVEL: 'silent',
  });
  client = await signInV1(server.url, 'writer');
});
afterAll(async () => {
  await server.stop();
  await ai.close();
  data.remove();
});

describe('while another program holds the database', () => {
  it('waits out a short while, and acknowledges what it then stored', async () => {
    const sends = await prepareSends(5);
    const lock = lockDatabase();
    const answers = sends.map((send) => send());
    await rounds(20, () => client.json('GET', '/health'));
    lock.release();
    for (const { status } of await Promise.all(answers)) expect(status).toBe(202);
  });

  it('answers 503 in a long one, without side effect or stall, and is healed soon after', async () => {
    const sends = await prepareSends(20);
    const reading = await readLongReply(700);
    await reading.grown();
    const lock = lockDatabase();
    // What was committed before the lock is on its way to the reader.
    await rounds(5, () => client.json('GET', '/health'));
    const atLock = reading.length();
    const pulse = keepAsking();
    const refused = await Promise.all(sends.map((send) => send()));
    const slowestMs = await pulse.stop();

    for (const { status, retryAfter } of refused) {
      expect(status).toBe(503);
      expect(retryAfter).toBeGreaterThan(0);
    }
    // A call that waited for the lock inside SQLite would have held everybody for seconds.
    expect(slowestMs).toBeLessThan(1_000);
    // Nothing is shown that is not stored.
    expect(reading.length()).toBe(atLock);
    expect((await client.request('GET', '/api/v1/chats')).status).toBe(200);

    lock.release();
    const releasedAt = performance.now();
    await Promise.all([reading.grown(), untilStored(sends)]);
    expect(performance.now() - releasedAt).toBeLessThan(healedMs);
    expect(await reading.text).toBe(answerText(700));
    // The refused sends left nothing behind, or there would be two of some.
    expect(await questionsIn(sends)).toEqual(sends.map(() => 1));
    const answer = (await messagesOf(client, reading.chat)).at(-1);
    expect(answer).toMatchObject({ state: 'complete', text: answerText(700) });
  });
});

describe.skipIf(process.platform !== 'linux')('while nothing can be written, as on a full disk', () => {
  it('answers 503 without side effect, pauses replies, and is healed soon after', async () => {
    const sends = await prepareSends(10);
    const reading = await readLongReply(200);
    await reading.grown();
    await limitFileSize('1');
    await rounds(5, () => client.json('GET', '/health'));
    const whenFull = reading.length();
    for (const { status, retryAfter } of await Promise.all(sends.map((send) => send()))) {
      expect(status).toBe(503);
      expect(retryAfter).toBeGreaterThan(0);
    }
    expect((await client.request('GET', '/api/v1/chats')).status).toBe(200);
    expect(reading.length()).toBe(whenFull);

    await limitFileSize('unlimited');
    const emptiedAt = performance.now();
    await Promise.all([reading.grown(), untilStored(sends)]);
    expect(performance.now() - emptiedAt).toBeLessThan(healedMs);
    expect(await reading.text).toBe(answerText(200));
    expect(await questionsIn(sends)).toEqual(sends.map(() => 1));
  });

  it('leaves the database whole', async () => {
    expect(await server.stop()).toBe(0);
    expect(await integrityOf(data.folder)).toBe('ok');
  });
});

describe.skipIf(process.platform !== 'linux')('a disk that is full', () => {
  const full = temporaryFolder();
  afterAll(full.remove);

  it('is no failure of a server that stops, and of a command one sentence', async () => {
    const stopping = await startServerProcess({
      DATA_DIR: full.folder,
      DATABASE_URL: 'sqlite:///parlance.db',
      LOG_LEVEL: 'error',
    });
    await signInV1(stopping.url, 'writer');
    await limitFileSize('1', stopping);
    expect(await stopping.stop()).toBe(0);
    expect(stopping.output()).not.toContain('A step of the shutdown failed');

    const list = [process.execPath, ...builtProgram, 'user', 'list'];
    const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: full.folder };
    const ran = promisify(execFile)('prlimit', ['--fsize=1:unlimited', ...list], { env });
    await expect(ran).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^parlance: The database \S+ cannot be [^\n]+disk is full[^\n]+\n$/),
    });
  });
});

type Send = { (): Promise<{ status: number; retryAfter: number }>; chat: string };

/** Sends that can be repeated, each to a chat of its own. */
const prepareSends = (count: number): Promise<Send[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const chat = await newChat(client);
      const key = { 'idempotency-key': randomUUID() };
      const send = async () => {
        const text = `message ${index}`;
        const response = await client.request('POST', `/api/v1/chats/${chat}/messages`, { text }, key);
        await response.text();
        return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) };
      };
      return Object.assign(send, { chat });
    }),
  );

/** Repeats each send until it is acknowledged. */
async function untilStored(sends: readonly Send[]): Promise<void> {
  const repeat = async (send: Send) => {
    for (let status = 0; status !== 202;) ({ status } = await send());
  };
  await Promise.all(sends.map(repeat));
}

/** How many messages the chat of each send has from its user. */
const questionsIn = (sends: readonly Send[]): Promise<number[]> =>
  Promise.all(
    sends.map(async ({ chat }) => {
      const messages = await messagesOf(client, chat);
      return messages.filter(({ role }) => role === 'user').length;
    }),
  );

/** Holds the lock that writers need, as a backup or a shell would that is in the middle of a transaction. */
function lockDatabase(): { release(): void } {
  const other = new DatabaseSync(file, { timeout: 5_000 });
  other.exec('begin exclusive');
  return {
    release() {
      other.exec('rollback');
      other.close();
    },
  };
}

async function rounds(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < count; round += 1) await work();
}

/** Asks for the server's health over and over; `stop` gives the longest that an answer took. */
function keepAsking(): { stop(): Promise<number> } {
  let slowestMs = 0;
  let going = true;
  const asking = (async () => {
    while (going) {
      const askedAt = performance.now();
      await client.json('GET', '/health');
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    }
  })();
  return {
    async stop() {
      going = false;
      await asking;
      return slowestMs;
    },
  };
}

/** A reply that goes on for some time, a hundred tokens a second, and its reader. */
async function readLongReply(tokens: number) {
  const chat = await newChat(client);
  const question = { text: `fake:count=${tokens},rate=100` };
  const { reply } = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, question);
  let seen = '';
  let waiting: (() => void)[] = [];
  const read = async () => {
    for await (const { event, data: body } of client.events(`/api/v1/replies/${reply.id}/events`)) {
      if (event !== 'text-delta') continue;
      seen += (JSON.parse(body) as { text: string }).text;
      for (const wake of waiting.splice(0)) wake();
    }
    return seen;
  };
  const text = read();
  return {
    chat,
    /** All that was seen, when it has ended. */
    text,
    length: () => seen.length,
    /** Resolves at the next text. */
    grown: () => new Promise<void>((resolve) => (waiting = [...waiting, resolve])),
  };
}

/** The size from which on no file of the server can be written: with 1, the database cannot. */
const limitFileSize = (bytes: string, of = server) =>
  promisify(execFile)('prlimit', ['--pid', String(of.child.pid), `--fsize=${bytes}:unlimited`]);
