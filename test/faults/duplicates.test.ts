import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { runSeed, seededRandom } from '../support/random.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { queryStored } from '../support/stored-data.ts';
import { createV1Client, type Sent, signInV1, type V1Client, type V1Message } from '../support/v1-client.ts';
import { newChat } from './transports.ts';

const keys = 100;
const duplicates = 20;
const killsAfter = [400, 900, 1_500];
const atATime = 40;
const seed = runSeed();

type Job = { key: string; chat: string; text: string };

describe(`${keys} keys, ${duplicates} times each, with ${killsAfter.length} kills in between (SEED=${seed})`, () => {
  const data = temporaryFolder();
  afterAll(data.remove);
  const start = () =>
    startServerProcess({
      DATA_DIR: data.folder,
      BASIC_WORD_DELAY_MS: '2',
      REPLY_LEASE_MS: '500',
      RATE_LIMITS: 'off',
    });

  let running: Promise<ServerProcess>;
  let token = '';
  let jobs: Job[] = [];
  /** What the sends of each key were answered, as `message reply`. */
  const answers = new Map<string, Set<string>>();
  let answered = 0;
  let resent = 0;

  beforeAll(async () => {
    running = start();
    const client = await signInV1((await running).url, 'insistent');
    token = client.token;
    const chats = await Promise.all(Array.from({ length: keys / 4 }, () => newChat(client)));
    const once = Array.from({ length: keys }, (_, index): Job => ({
      key: `key-${index}`,
      chat: chats[index % chats.length] ?? '',
      text: `hello number ${index}`,
    }));
    const random = seededRandom(seed);
    jobs = Array.from({ length: duplicates }, () => once)
      .flat()
      .map((job) => ({ job, at: random() }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ job }) => job);
  });
  afterAll(async () => {
    await (await running).stop();
  });

  it('give one message and one reply for each key, and the same answer every time', async () => {
    const queue = [...jobs];
    const work = async () => {
      for (let job = queue.pop(); job; job = queue.pop()) await sendUntilAnswered(job);
    };
    await Promise.all(Array.from({ length: atATime }, work));
    // A run whose kills hit nothing has shown nothing.
    expect(resent).toBeGreaterThan(killsAfter.length);
    expect([...answers.values()].map((ids) => ids.size)).toEqual(Array.from({ length: keys }, () => 1));
    expect(await countStored()).toEqual({ messages: keys, replies: keys, keys });
  });

  it('are refused with other content, and leave nothing behind', async () => {
    const client = createV1Client((await running).url, token);
    const send = ({ key, chat }: Job) =>
      client.request('POST', `/api/v1/chats/${chat}/messages`, { text: 'other' }, { 'idempotency-key': key });
    const responses = await Promise.all(jobs.slice(0, keys).map(send));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([422]));
    expect(await responses[0]?.json()).toMatchObject({ code: 'idempotency-key-reused' });
    expect(await countStored()).toEqual({ messages: keys, replies: keys, keys });
  });

  async function sendUntilAnswered({ key, chat, text }: Job): Promise<void> {
    for (;;) {
      const server = await running;
      const client = createV1Client(server.url, token);
      const path = `/api/v1/chats/${chat}/messages`;
      try {
        const { message, reply } = await client.json<Sent>(
          'POST',
          path,
          { text },
          { 'idempotency-key': key },
        );
        answers.set(key, (answers.get(key) ?? new Set()).add(`${message.id} ${reply.id}`));
        answered += 1;
        if (killsAfter.includes(answered)) running = server.kill().then(start);
        return;
      } catch (error) {
        // Nobody answered: the server was killed, and the sender knows nothing of its message.
        if (!(error instanceof TypeError)) throw error;
        resent += 1;
        if (server === (await running)) throw error;
      }
    }
  }

  async function countStored() {
    const count = async (sql: string) => Number((await queryStored(data.folder, sql))[0]?.['number']);
    return {
      messages: await count("select count(*) as number from messages where role = 'user'"),
      replies: await count('select count(*) as number from replies'),
      keys: await count('select count(*) as number from idempotency_keys'),
    };
  }
});

describe('a dialect whose answer is the reply', () => {
  const data = temporaryFolder();
  let ai: FakeAi;
  let server: ServerProcess;
  let client: V1Client;
  let chat: number;
  beforeAll(async () => {
    ai = await createFakeAi();
    server = await startServerProcess({
      DATA_DIR: data.folder,
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      // Ends when it is told to.
      AI_MODEL: 'fake:count=1000000,rate=100',
    });
    client = await signInV1(server.url, 'impatient');
    chat = (await client.json<{ id: number }>('POST', '/api/chat/create', {})).id;
  });
  afterAll(async () => {
    await server.stop();
    await ai.close();
    data.remove();
  });

  const send = (text: string, key: string) =>
    client.request('POST', `/api/messages/${chat}/send`, { text }, { 'idempotency-key': key });

  const stopReply = async () => {
    const { items: chats } = await client.json<{ items: { id: string }[] }>('GET', '/api/v1/chats');
    const { items: messages } = await client.json<{ items: V1Message[] }>(
      'GET',
      `/api/v1/chats/${chats[0]?.id}/messages`,
    );
    const answer = messages.find(({ role }) => role === 'assistant');
    const { id } = await client.json<{ id: string }>('GET', `/api/v1/messages/${answer?.id}/reply`);
    await client.json('POST', `/api/v1/replies/${id}/stop`);
  };

  it('answers duplicates 409 with Retry-After while the first is being answered, then as the first', async () => {
    const asked = ai.nextRequest();
    const first = send('once', 'the-key');
    await asked;
    const early = await Promise.all(Array.from({ length: duplicates }, () => send('once', 'the-key')));
    for (const { status, headers } of early) {
      expect(status).toBe(409);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await stopReply();
    const answer = (await (await first).json()) as { user_message: { id: number } };
    const late = await Promise.all(Array.from({ length: duplicates }, () => send('once', 'the-key')));
    for (const response of late) {
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(answer);
    }
    expect((await send('twice', 'the-key')).status).toBe(422);
    const stored = await client.json<unknown[]>('GET', `/api/messages/${chat}/messages`);
    expect(stored).toHaveLength(2);
    expect(ai.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
