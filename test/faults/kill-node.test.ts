import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestDatabase } from '../support/databases/database-server.ts';
import { describeEachServerDatabase } from '../support/each-server-database.ts';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { runSeed, seededRandom } from '../support/random.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { newPrefix, testRedisUrl } from '../support/test-redis.ts';
import {
  createV1Client,
  type Sent,
  signInV1,
  type V1Client,
  type V1Message,
  type V1Reply,
} from '../support/v1-client.ts';

const rounds = 25;
const streams = 10;
const seed = runSeed();
const random = seededRandom(seed);

type Witness = {
  chat: string;
  key: string;
  text: string;
  sent: Sent | undefined;
  /** What a reader on the other node was shown. */
  seen: string;
  ends: V1Reply[];
};

describeEachServerDatabase(`kill -9 of a node, ${rounds} times (SEED=${seed})`, (databases) => {
  let ai: FakeAi;
  let database: TestDatabase;
  let living: ServerProcess;
  let client: V1Client;
  let chats: string[] = [];
  const data = temporaryFolder();
  const prefix = newPrefix();
  const said = new Map<string, number>();
  const counts = { acknowledged: 0, lost: 0, wrong: 0, interrupted: 0, seenCharacters: 0, slowestMs: 0 };

  const start = (leaseMs: string) =>
    startServerProcess({
      REPLY_LEASE_MS: leaseMs,
      DATA_DIR: data.folder,
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl,
      REDIS_PREFIX: prefix,
      JWT_SECRET_KEY: 'a secret of the tests, long enough to be one',
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'fake:count=60,rate=150',
      RATE_LIMITS: 'off',
    });

  beforeAll(async () => {
    [ai, database] = await Promise.all([createFakeAi(), databases.create()]);
    living = await start('500');
    client = await signInV1(living.url, 'witness');
    chats = await Promise.all(
      Array.from(
        { length: streams },
        async () => (await client.json<{ id: string }>('POST', '/api/v1/chats', {})).id,
      ),
    );
  });
  afterAll(async () => {
    await living.stop();
    await Promise.all([ai.close(), database.drop()]);
    data.remove();
  });

  it('loses nothing, shows nothing twice, and ends every reply for readers on another node', async () => {
    for (let round = 0; round < rounds; round += 1) {
      // The last round keeps the default lease: its five seconds are what is promised.
      const isLast = round === rounds - 1;
      if (isLast) {
        await living.stop();
        living = await start('3000');
        client = createV1Client(living.url, client.token);
      }
      const doomed = await start(isLast ? '3000' : '500');
      const witnesses = chats.map((chat): Witness => {
        said.set(chat, (said.get(chat) ?? 0) + 1);
        return { chat, key: randomUUID(), text: `question ${round}`, sent: undefined, seen: '', ends: [] };
      });
      const sends = witnesses.map((witness) => send(createV1Client(doomed.url, client.token), witness));
      const watched = witnesses.map((witness, index) => watch(witness, sends[index]));
      // Half of the kills fall among the sends, half among the words.
      if (random() < 0.5) await Promise.allSettled(sends);
      const killed = new Promise<number>((resolve) => {
        setTimeout(() => void doomed.kill().then(() => resolve(performance.now())), random() * 350);
      });
      await Promise.allSettled([...sends, killed]);
      await Promise.all(watched);
      counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - (await killed)));
      await Promise.all(witnesses.map(verify));
    }
    console.log(`kill -9 of a node on ${databases.name}: ${rounds} kills, ${JSON.stringify(counts)}`);
    expect(counts).toMatchObject({ lost: 0, wrong: 0 });
    // A run in which nothing was cut has shown nothing.
    expect(counts.interrupted).toBeGreaterThan(rounds);
    expect(counts.slowestMs).toBeLessThan(5_000);
  }, 280_000);

  async function send(from: V1Client, witness: Witness): Promise<void> {
    witness.sent = await from.json<Sent>(
      'POST',
      `/api/v1/chats/${witness.chat}/messages`,
      { text: witness.text },
      { 'idempotency-key': witness.key },
    );
  }

  /** Reads on the living node, from the acknowledgement to the end. */
  async function watch(witness: Witness, sent: Promise<void> | undefined): Promise<void> {
    const isSent = await sent?.then(
      () => true,
      () => false,
    );
    if (isSent !== true) return;
    await read(witness);
  }

  async function read(witness: Witness): Promise<void> {
    const events = client.events(
      `/api/v1/replies/${witness.sent?.reply.id}/events`,
      String(witness.seen.length),
    );
    for await (const event of events) {
      const told = JSON.parse(event.data) as { start: number; text: string; reply: V1Reply };
      if (event.event === 'text-delta') {
        if (told.start !== witness.seen.length)
          throw new Error(`A gap: ${told.start} after ${witness.seen.length}`);
        witness.seen += told.text;
      } else if (event.event !== 'reply-waiting') witness.ends.push(told.reply);
    }
  }

  async function verify(witness: Witness): Promise<void> {
    if (witness.sent) {
      counts.acknowledged += 1;
      const response = await client.request('GET', `/api/v1/messages/${witness.sent.message.id}`);
      if (!response.ok) counts.lost += 1;
    } else {
      // Whoever was not answered sends again under the same key, as a client would.
      await send(client, witness);
      await read(witness);
    }
    counts.seenCharacters += witness.seen.length;
    const [end, ...more] = witness.ends;
    expect(more).toEqual([]);
    if (end?.state === 'interrupted') counts.interrupted += 1;
    else expect(end?.state).toBe('complete');
    const page = `/api/v1/chats/${witness.chat}/messages?limit=100`;
    const { items } = await client.json<{ items: V1Message[] }>('GET', page);
    expect(items.filter(({ role }) => role === 'user')).toHaveLength(said.get(witness.chat) ?? 0);
    const last = items.at(-1);
    const stored = last?.role === 'assistant' ? last.text : '';
    if (stored !== witness.seen) counts.wrong += 1;
  }
});
