import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { runSeed, seededRandom } from '../support/random.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type Sent, signInV1, type V1Client, type V1Message } from '../support/v1-client.ts';

const cuts = 100;
const seed = runSeed();

describe(`a reader that is cut ${cuts} times (SEED=${seed})`, () => {
  const data = temporaryFolder();
  let ai: FakeAi;
  let server: ServerProcess;
  let client: V1Client;
  let events = '';
  let message = '';

  beforeAll(async () => {
    ai = await createFakeAi();
    server = await startServerProcess({
      DATA_DIR: data.folder,
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'fake:count=1500,rate=1000',
    });
    client = await signInV1(server.url, 'reader');
    const chat = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
    const sent = await client.json<Sent>('POST', `/api/v1/chats/${chat.id}/messages`, { text: 'tell me' });
    events = `/api/v1/replies/${sent.reply.id}/events`;
    message = `/api/v1/chats/${chat.id}/messages`;
  });
  afterAll(async () => {
    await server.stop();
    await ai.close();
    data.remove();
  });

  it('ends with exactly what a reader saw that was never cut, and with what is stored', async () => {
    const [whole, pieces] = await Promise.all([readWhole(), readInPieces()]);
    expect(whole.length).toBeGreaterThan(5_000);
    expect(pieces.text).toBe(whole);
    expect(pieces.cuts).toBe(cuts);
    const { items } = await client.json<{ items: V1Message[] }>('GET', message);
    expect(items.at(-1)).toMatchObject({ role: 'assistant', state: 'complete', text: whole });
  }, 60_000);

  it('gets any rest of a reply that has ended', async () => {
    const whole = await readWhole();
    const random = seededRandom(seed + 1);
    for (const position of Array.from({ length: 20 }, () => Math.floor(random() * (whole.length + 1)))) {
      const reader = await readFrom(position, Number.POSITIVE_INFINITY);
      expect(reader.text).toBe(whole.slice(position));
      expect(reader.lastId).toBe('end');
    }
    expect((await client.request('GET', events, undefined, { 'last-event-id': 'end' })).status).toBe(204);
    const beyond = { 'last-event-id': String(whole.length + 1) };
    expect((await client.request('GET', events, undefined, beyond)).status).toBe(400);
  });

  const readWhole = async () => (await readFrom(0, Number.POSITIVE_INFINITY)).text;

  async function readInPieces(): Promise<{ text: string; cuts: number }> {
    const random = seededRandom(seed);
    let text = '';
    let made = 0;
    for (let ended = false; !ended;) {
      const most = made < cuts ? 1 + Math.floor(random() * 60) : Number.POSITIVE_INFINITY;
      const piece = await readFrom(text.length, most);
      text += piece.text;
      ended = piece.lastId === 'end';
      if (!ended) made += 1;
    }
    return { text, cuts: made };
  }

  /** Reads from a position and leaves once it has so many characters: the connection may be cut within an event. */
  async function readFrom(position: number, most: number): Promise<{ text: string; lastId: string }> {
    let text = '';
    let lastId = String(position);
    for await (const event of client.events(events, lastId)) {
      lastId = event.id ?? lastId;
      if (event.event !== 'text-delta') continue;
      const delta = JSON.parse(event.data) as { start: number; text: string };
      if (delta.start !== position + text.length) throw new Error(`A gap at ${delta.start}`);
      text += delta.text;
      if (lastId !== String(position + text.length)) throw new Error(`The id ${lastId} is no position`);
      if (text.length >= most) return { text: text.slice(0, most), lastId: 'cut' };
    }
    return { text, lastId };
  }
});
