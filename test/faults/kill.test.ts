import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { runSeed, seededRandom } from '../support/random.ts';
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

const rounds = 25;
const streams = 20;
const seed = runSeed();
const random = seededRandom(seed);

type Chat = { id: string; sent: number };
/** What one sender knows: whether its message was acknowledged, and what it saw of the reply. */
type Witness = {
  chat: Chat;
  key: string;
  text: string;
  sent: Sent | undefined;
  seen: string;
  ended: V1Reply | undefined;
};

describe(`kill -9 while ${streams} replies stream (SEED=${seed})`, () => {
  let ai: FakeAi;
  let token = '';
  let chats: Chat[] = [];
  const data = temporaryFolder();
  const counts = { acknowledged: 0, lost: 0, notPrefix: 0, interrupted: 0, seenCharacters: 0, slowestMs: 0 };

  const start = (leaseMs: string) =>
    startServerProcess({
      DATA_DIR: data.folder,
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'fake:count=60,rate=150',
      REPLY_LEASE_MS: leaseMs,
      RATE_LIMITS: 'off',
    });

  beforeAll(async () => {
    ai = await createFakeAi();
    const server = await start('500');
    const client = await signInV1(server.url, 'witness');
    token = client.token;
    chats = await Promise.all(
      Array.from({ length: streams }, async () => {
        const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
        return { id, sent: 0 };
      }),
    );
    await server.kill();
  });
  afterAll(async () => {
    await ai.close();
    data.remove();
  });

  it(`loses nothing that was acknowledged or shown, ${rounds} times`, async () => {
    let witnesses: Witness[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      // The last start keeps the default lease: its five seconds are what is promised.
      const server = await start(round === rounds ? '3000' : '500');
      const client = createV1Client(server.url, token);
      await verify(client, witnesses);
      if (round < rounds) witnesses = await sendUntilKilled(server, client);
      else expect(await server.stop()).toBe(0);
    }
    expect(await integrityOf(data.folder)).toBe('ok');
    console.log(`kill -9: ${rounds} kills, ${JSON.stringify(counts)}`);
    expect(counts).toMatchObject({ lost: 0, notPrefix: 0 });
    // A run in which nothing was cut has shown nothing.
    expect(counts.interrupted).toBeGreaterThan(rounds);
    expect(counts.slowestMs).toBeLessThan(5_000);
  }, 300_000);

  async function sendUntilKilled(server: ServerProcess, client: V1Client): Promise<Witness[]> {
    const witnesses = chats.map((chat): Witness => ({
      chat,
      key: randomUUID(),
      text: `question ${chat.sent}`,
      sent: undefined,
      seen: '',
      ended: undefined,
    }));
    const sends = witnesses.map((witness) => send(client, witness));
    const watched = witnesses.map((witness, index) => watch(client, witness, sends[index]));
    // Half of the kills fall among the sends, half among the words.
    if (random() < 0.5) await Promise.allSettled(sends);
    setTimeout(() => server.child.kill('SIGKILL'), random() * 350);
    // Each sender ends when its reply does, or with the connection.
    await Promise.allSettled(watched);
    await server.kill();
    return witnesses;
  }

  async function watch(client: V1Client, witness: Witness, sent: Promise<void> | undefined): Promise<void> {
    await sent;
    for await (const event of client.events(eventsOf(witness))) take(witness, event);
  }

  async function verify(client: V1Client, witnesses: readonly Witness[]): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(witnesses.map((witness) => verifyOne(client, witness)));
    const tookMs = Math.round(performance.now() - startedAt);
    counts.slowestMs = Math.max(counts.slowestMs, tookMs);
  }

  async function verifyOne(client: V1Client, witness: Witness): Promise<void> {
    const acknowledged = witness.sent;
    if (acknowledged) {
      counts.acknowledged += 1;
      const response = await client.request('GET', `/api/v1/messages/${acknowledged.message.id}`);
      if (!response.ok) counts.lost += 1;
    }
    // A sender that was not answered sends again under the same key, as a client would.
    await send(client, witness);
    if (acknowledged) expect(witness.sent?.message.id).toBe(acknowledged.message.id);
    witness.chat.sent += 1;

    const before = witness.seen.length;
    counts.seenCharacters += before;
    for await (const event of client.events(eventsOf(witness), String(before))) take(witness, event);
    const reply = await client.json<V1Reply>('GET', `/api/v1/replies/${witness.sent?.reply.id}`);
    expect(['complete', 'interrupted']).toContain(reply.state);
    if (reply.state === 'interrupted') counts.interrupted += 1;

    const { items } = await client.json<{ items: V1Message[] }>(
      'GET',
      `/api/v1/chats/${witness.chat.id}/messages?limit=100`,
    );
    const mine = items.filter(({ role }) => role === 'user');
    expect(mine).toHaveLength(witness.chat.sent);
    const last = items.at(-1);
    const stored = last?.role === 'assistant' ? last.text : '';
    if (stored !== witness.seen || !stored.startsWith(witness.seen.slice(0, before))) counts.notPrefix += 1;
  }

  async function send(client: V1Client, witness: Witness): Promise<void> {
    witness.sent = await client.json<Sent>(
      'POST',
      `/api/v1/chats/${witness.chat.id}/messages`,
      { text: witness.text },
      { 'idempotency-key': witness.key },
    );
  }
});

const eventsOf = ({ sent }: Witness): string => `/api/v1/replies/${sent?.reply.id}/events`;

function take(witness: Witness, event: { event?: string | undefined; data: string }): void {
  const data = JSON.parse(event.data) as { start: number; text: string; reply: V1Reply };
  if (event.event === 'text-delta') {
    if (data.start !== witness.seen.length)
      throw new Error(`A gap: ${data.start} after ${witness.seen.length}`);
    witness.seen += data.text;
  } else witness.ended = data.reply;
}
