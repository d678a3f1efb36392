import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerText, createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type Sent, signInV1, type V1Client, type V1Message, type V1Reply } from '../support/v1-client.ts';
import { readAllEvents, textOf } from './read-events.ts';
import { newChat } from './transports.ts';

const users = 5;
const slowReaders = 40;
/** Of one user, however they read. */
const mostReaders = 50;
/** Each of a million characters: 200 readers are promised to be bounded at 5 MB. */
const repliesPerUser = 5;
const endless = 'fake:fault=long-answer';
const mebibyte = 1024 * 1024;

const data = temporaryFolder();
let ai: FakeAi;
let server: ServerProcess;
beforeAll(async () => {
  ai = await createFakeAi();
  server = await startServerProcess({
    DATA_DIR: data.folder,
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: ai.url,
    AI_MODEL: 'fake:count=3',
    RATE_LIMITS: 'off',
  });
});
afterAll(async () => {
  await server.stop();
  await ai.close();
  data.remove();
});

const send = async (client: V1Client, text: string, chat?: string): Promise<Sent> =>
  client.json('POST', `/api/v1/chats/${chat ?? (await newChat(client))}/messages`, { text });
const askedFor = (text: string) => ai.nextRequest(({ body }) => body.messages?.at(-1)?.content === text);
const eventsOf = ({ reply }: Sent): string => `/api/v1/replies/${reply.id}/events`;

describe.skipIf(process.platform !== 'linux')('readers that do not read', () => {
  // Before all that needs more: the peak of the memory is what is read.
  it('are given a large file of /docs piece by piece, and leave none open', async () => {
    const path = '/docs/static/swagger-ui-bundle.js';
    const file = await fetch(server.url + path);
    const bytes = (await file.arrayBuffer()).byteLength;
    expect(bytes).toBeGreaterThan(mebibyte);
    const before = peakMemoryOf(server);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openUnread(path)));
    // As buffers it would be all of them.
    expect(peakMemoryOf(server) - before).toBeLessThan((100 * bytes) / mebibyte / 2);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => openFilesOf(server).filter((open) => open.endsWith('.js'))).toEqual([]);
  });

  it('cost little, lose nothing that they come back for, and hold up nobody', async () => {
    const clients = await Promise.all(
      Array.from({ length: users }, (_, index) => signInV1(server.url, `slow ${index}`)),
    );
    const other = await signInV1(server.url, 'quick');
    const ask = () =>
      Promise.all(
        clients.map((client) =>
          Promise.all(Array.from({ length: repliesPerUser }, () => send(client, endless))),
        ),
      );
    const allEnded = (asked: Sent[][]) =>
      Promise.all(
        clients.flatMap((client, index) => (asked[index] ?? []).map((sent) => ended(client, sent.reply.id))),
      );
    // What the replies cost by themselves, without slow readers.
    await allEnded(await ask());
    const before = peakMemoryOf(server);

    const sockets = await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: slowReaders }, () => openUnread('/api/v1/events', client.token)),
      ),
    );
    const replies = await ask();
    const first = replies[0]?.[0];
    if (!first || !clients[0]) throw new Error('There is no reply');
    const late = await openUnread(eventsOf(first), clients[0].token);

    const startedAt = performance.now();
    const quick = await send(other, 'fake:count=50,rate=100');
    const seen = await readAllEvents(other.events(eventsOf(quick)));
    const quickMs = performance.now() - startedAt;
    await allEnded(replies);

    const peak = peakMemoryOf(server);
    console.log(
      `slow readers: ${before} MiB without them, ${peak} MiB with, a quick reply in ${quickMs.toFixed(0)} ms`,
    );
    expect(peak - before).toBeLessThan(250);
    expect(textOf(seen)).toBe(answerText(50));
    expect(quickMs).toBeLessThan(5_000);

    // Everything waits for whoever begins to read, on the same connection.
    const whole = await readToEnd(late);
    const text = textsIn(whole);
    const { message } = await clients[0].json<{ message: V1Message }>(
      'GET',
      `/api/v1/replies/${first.reply.id}`,
    );
    expect(text.length).toBeGreaterThanOrEqual(1_000_000);
    // Not `toBe`: a difference would be printed.
    expect(text === message.text).toBe(true);
    for (const socket of sockets) socket.destroy();
  }, 60_000);
});

describe('a user', () => {
  it('has a bounded number of open streams, and may open another when one is closed', async () => {
    const client = await signInV1(server.url, 'curious');
    const sockets = await Promise.all(
      Array.from({ length: mostReaders }, () => openUnread('/api/v1/events', client.token)),
    );
    const tooMany = await client.request('GET', '/api/v1/events');
    expect(tooMany.status).toBe(429);
    expect(Number(tooMany.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await tooMany.json()).toMatchObject({ code: 'too-many-readers' });
    // A message whose stream has no place is not sent: it could be sent again.
    const chat = await newChat(client);
    const asStream = { accept: 'text/event-stream' };
    const path = `/api/v1/chats/${chat}/messages`;
    expect((await client.request('POST', path, { text: 'hello' }, asStream)).status).toBe(429);
    expect(await client.json('GET', path)).toMatchObject({ items: [] });

    sockets.pop()?.destroy();
    let reopened: Response;
    do reopened = await client.request('GET', '/api/v1/events');
    while (reopened.status === 429);
    expect(reopened.status).toBe(200);
    await reopened.body?.cancel();
    for (const socket of sockets) socket.destroy();
  });

  it('has a bounded number of waiting replies in a chat', async () => {
    const client = await signInV1(server.url, 'hasty');
    const chat = await newChat(client);
    const running = await send(client, 'fake:count=100000,rate=10', chat);
    for (let waiting = 0; waiting < 8; waiting += 1) await send(client, 'and?', chat);
    const response = await client.request('POST', `/api/v1/chats/${chat}/messages`, { text: 'and?' });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ code: 'too-many-waiting' });
    await client.json('POST', `/api/v1/replies/${running.reply.id}/stop`);
  });
});

describe('an AI that does not stop', () => {
  it('is stopped at a million characters, which are kept', async () => {
    const client = await signInV1(server.url, 'bored');
    const asked = askedFor(endless);
    const sent = await send(client, endless);
    expect(await (await asked).ended).toBe('left');
    await ended(client, sent.reply.id);
    const reply = await client.json<V1Reply & { message: { text: string } }>(
      'GET',
      `/api/v1/replies/${sent.reply.id}`,
    );
    expect(reply.state).toBe('stopped');
    expect(/^t0 t1 t2 x+$/.test(reply.message.text)).toBe(true);
    expect(reply.message.text.length).toBe(1_000_000);
  });

  it('is given up when it says one word without end', async () => {
    const client = await signInV1(server.url, 'doubtful');
    const asked = askedFor('fake:fault=long-line');
    const sent = await send(client, 'fake:fault=long-line');
    expect(await (await asked).ended).toBe('left');
    expect(await ended(client, sent.reply.id)).toMatchObject({
      state: 'failed',
      error_code: 'ai-answer-unreadable',
    });
  });
});

/** The reply, when it has ended. */
async function ended(client: V1Client, reply: string): Promise<V1Reply> {
  for await (const { event, data: body } of client.events(`/api/v1/replies/${reply}/events`)) {
    if (event !== 'text-delta') return (JSON.parse(body) as { reply: V1Reply }).reply;
  }
  throw new Error('The stream of the reply broke off');
}

/** A reader's connection whose answer has begun and is not read. */
async function openUnread(path: string, token = ''): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  // A server may cut a reader that is too slow.
  socket.on('error', () => undefined);
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${token && `authorization: Bearer ${token}\r\n`}\r\n`,
  );
  await once(socket, 'readable');
  return socket;
}

/** What a process has open, by path. */
const openFilesOf = ({ child: { pid } }: ServerProcess): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((number) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${number}`);
    } catch {
      // Closed meanwhile.
      return [];
    }
  });

/** All that comes on a connection, from now on, until the end of a chunked answer. */
async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer);
    if ((chunk as Buffer).subarray(-5).toString('latin1') === '0\r\n\r\n') break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The text of the deltas in a raw answer; the marks between the chunks of the transfer never fall inside of one's line. */
const textsIn = (answer: string): string =>
  [...dechunked(answer).matchAll(/^data: (\{"start":.*\})$/gm)]
    .map(([, json = '']) => (JSON.parse(json) as { text: string }).text)
    .join('');

/** The body of an answer with `transfer-encoding: chunked`. */
function dechunked(answer: string): string {
  let bytes = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  const parts: Buffer[] = [];
  for (;;) {
    const end = bytes.indexOf('\r\n');
    const size = Number.parseInt(bytes.subarray(0, end).toString('latin1'), 16);
    if (!(size > 0)) return Buffer.concat(parts).toString('utf8');
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    bytes = bytes.subarray(end + 2 + size + 2);
  }
}

/** The most memory that a process has ever had, in MiB. */
function peakMemoryOf({ child }: ServerProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return Math.round((kibibytes * 1024) / mebibyte);
}
