import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestDatabase } from '../support/databases/database-server.ts';
import { describeEachServerDatabase } from '../support/each-server-database.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { openTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';
import { newPrefix, testRedisUrl } from '../support/test-redis.ts';
import { type Sent, signInV1, type V1Client, type V1Message } from '../support/v1-client.ts';

const senders = 6;
const healMs = 2_000;
/** A machine with much else to do may be slow once: the best of them counts. */
const rounds = 2;

type Load = {
  /** Every message that was acknowledged, by the chat it went to. */
  acknowledged: { chat: string; id: string; text: string }[];
  /** Answers other than 2xx, and how often. */
  refused: Map<string, number>;
  /** Resolves with the next acknowledgement of each sender. */
  allAcknowledged(): Promise<void>;
  nextRefusal(): Promise<void>;
  stop(): Promise<void>;
};

describeEachServerDatabase('while people send', (databases) => {
  let database: TestDatabase;
  let toDatabase: TcpRelay;
  let toRedis: TcpRelay;
  let server: ServerProcess;
  let load: Load;
  let client: V1Client;
  const data = temporaryFolder();
  let exits = 0;

  beforeAll(async () => {
    database = await databases.create();
    const there = new URL(database.url);
    const standard = databases.name === 'postgres' ? '5432' : '3306';
    toDatabase = await openTcpRelay({ host: there.hostname, port: Number(there.port || standard) });
    const redis = new URL(testRedisUrl);
    toRedis = await openTcpRelay({ host: redis.hostname, port: Number(redis.port || '6379') });
    const relayed = new URL(database.url);
    relayed.hostname = '127.0.0.1';
    relayed.port = String(toDatabase.port);
    server = await startServerProcess({
      DATA_DIR: data.folder,
      DATABASE_URL: relayed.href,
      REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
      REDIS_PREFIX: newPrefix(),
      JWT_SECRET_KEY: 'a secret of the tests, long enough to be one',
      RATE_LIMITS: 'off',
      MAX_WAITING_REPLIES_PER_CHAT: '1000',
      LOG_LEVEL: 'error',
    });
    server.child.once('exit', () => (exits += 1));
    client = await signInV1(server.url, 'sender');
    load = await startLoad(client);
    await load.allAcknowledged();
  });
  afterAll(async () => {
    await load.stop();
    await server.stop();
    await Promise.all([toDatabase.close(), toRedis.close()]);
    await database.drop();
    data.remove();
  });

  /** How long after its return everybody was served again. */
  async function healedAfter(mend: () => Promise<void>): Promise<number> {
    await mend();
    const mendedAt = performance.now();
    await load.allAcknowledged();
    return Math.round(performance.now() - mendedAt);
  }

  it('the database goes and comes back', async () => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await toDatabase.cut();
      await load.nextRefusal();
      times.push(await healedAfter(() => toDatabase.mend()));
    }
    console.log(`${databases.name} cut: everybody served again after ${times.join(', ')} ms`);
    expect(Math.min(...times)).toBeLessThan(healMs);
  });

  it('the database hangs, and goes on', async () => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      toDatabase.freeze();
      await load.nextRefusal();
      times.push(await healedAfter(() => toDatabase.mend()));
    }
    console.log(`${databases.name} hung: everybody served again after ${times.join(', ')} ms`);
    expect(Math.min(...times)).toBeLessThan(healMs);
  });

  it('Redis goes and hangs, and nobody notices', async () => {
    const before = sum(load.refused);
    await toRedis.cut();
    for (let times = 0; times < 5; times += 1) await load.allAcknowledged();
    await toRedis.mend();
    for (let times = 0; times < 5; times += 1) await load.allAcknowledged();
    toRedis.freeze();
    for (let times = 0; times < 5; times += 1) await load.allAcknowledged();
    await toRedis.mend();
    expect(sum(load.refused)).toBe(before);
  });

  it('what was acknowledged is there, what was not is no error of ours, and the process lives', async () => {
    await load.stop();
    expect(exits).toBe(0);
    const answers = [...load.refused.keys()];
    expect(answers).toEqual(answers.filter((answer) => answer === '503 with Retry-After'));
    const stored = await storedMessages(client, new Set(load.acknowledged.map(({ chat }) => chat)));
    const lost = load.acknowledged.filter(({ id, text }) => stored.get(id) !== text);
    console.log(`${databases.name}: ${load.acknowledged.length} acknowledged, ${lost.length} lost`);
    expect(lost).toEqual([]);
    expect(load.acknowledged.length).toBeGreaterThan(50);
  });
});

const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);

/** Everybody sends one message after the other, and goes on whatever is answered. */
async function startLoad(client: V1Client): Promise<Load> {
  const acknowledged: Load['acknowledged'] = [];
  const refused: Load['refused'] = new Map();
  const counts = Array.from({ length: senders }, () => 0);
  const waiting = new Set<() => void>();
  let isOver = false;

  const send = async (index: number, chat: string): Promise<void> => {
    while (!isOver) {
      const text = `message ${randomUUID()}`;
      const answer = await client.request('POST', `/api/v1/chats/${chat}/messages`, { text });
      if (answer.status === 202) {
        const { message } = (await answer.json()) as Sent;
        acknowledged.push({ chat, id: message.id, text });
        counts[index] = (counts[index] ?? 0) + 1;
        for (const look of waiting) look();
      } else {
        await answer.text();
        const how = `${answer.status} ${answer.headers.has('retry-after') ? 'with' : 'without'} Retry-After`;
        refused.set(how, (refused.get(how) ?? 0) + 1);
        for (const look of waiting) look();
      }
    }
  };
  const running = await Promise.all(
    counts.map(async (_, index) => {
      const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
      return { done: send(index, id) };
    }),
  );
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
    });
  return {
    acknowledged,
    refused,
    allAcknowledged() {
      const from = [...counts];
      return until(() => counts.every((count, index) => count > (from[index] ?? 0)));
    },
    nextRefusal() {
      const before = sum(refused);
      return until(() => sum(refused) > before);
    },
    async stop() {
      isOver = true;
      await Promise.all(running.map(({ done }) => done));
    },
  };
}

/** Every message of some chats, by its id. */
async function storedMessages(client: V1Client, chats: ReadonlySet<string>): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  for (const chat of chats) {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: V1Message[]; older_cursor: string | null } = await client.json(
        'GET',
        `/api/v1/chats/${chat}/messages?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      for (const { id, text } of page.items) stored.set(id, text);
      cursor = page.older_cursor;
    }
  }
  return stored;
}
