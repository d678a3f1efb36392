import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProvider } from '../../src/providers/index.ts';
import { settingsFor } from '../providers/settings.ts';
import { seededRandom } from '../support/random.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, dataOf, newUser, textOf } from './client.ts';
import type { Description } from './description.ts';
import { type Malformed, malformedRequests } from './malformed-requests.ts';

const seed = Number(process.env['SEED'] ?? 20_260_115);
const injected = 9_000;
const sent = 1_000;

const provider = createProvider(settingsFor({ provider: 'basic' }));

let server: ApiServer;
let client: Client;
let next: (random: () => number) => Malformed;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  server = await startApiServer({ provider });
  ({ client } = await newUser(server.url));
  const { client: spent } = await newUser(server.url);
  const chats = await Promise.all(Array.from({ length: 4 }, () => client.chat()));
  const talks = await Promise.all(chats.slice(0, 2).map((chat) => client.send(chat, 'hello')));
  const description = (await (await fetch(`${server.url}/openapi.json`)).json()) as Description;
  const tokenOf = ({ headers }: Client) => (headers['authorization'] ?? '').replace('Bearer ', '');
  next = malformedRequests(description, {
    tokens: { kept: tokenOf(client), spent: tokenOf(spent) },
    ids: {
      chats: chats as [string, ...string[]],
      messages: talks.map(({ message }) => message.id) as [string, ...string[]],
      replies: talks.map(({ reply }) => reply.id) as [string, ...string[]],
      numbers: ['1', '2'],
      spent: ['3', await client.chat(), await client.chat()],
    },
  });
});
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled);
  await server.close();
});

describe(`malformed requests (SEED=${seed})`, () => {
  test(`${injected} of them: each is refused or taken, none breaks anything`, async () => {
    const random = seededRandom(seed);
    const broken: { request: Malformed; status: number; body: string }[] = [];
    const statuses = new Map<number, number>();
    for (let done = 0; done < injected; done += 50) {
      const requests = Array.from({ length: 50 }, () => next(random));
      const answers = await Promise.all(requests.map(inject));
      for (const [index, { statusCode, body }] of answers.entries()) {
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        const request = requests[index];
        if (request && (statusCode >= 500 || statusCode < 200))
          broken.push({ request, status: statusCode, body });
      }
    }
    expect(broken.slice(0, 5).map(printable)).toEqual([]);
    // A generator that is refused at the door every time would show nothing.
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining([200, 201, 204, 400, 401, 404, 405, 409, 415]),
    );
    expect((statuses.get(401) ?? 0) / injected).toBeLessThan(0.3);
  }, 60_000);

  test(`${sent} of them as bytes, cut off and garbled: an answer or a clean close`, async () => {
    const random = seededRandom(seed + 1);
    const answers: string[] = [];
    for (let done = 0; done < sent; done += 20) {
      const bytes = Array.from({ length: 20 }, () => garbled(next(random), random));
      answers.push(...(await Promise.all(bytes.map(answerTo))));
    }
    const broken = answers.filter((answer) => answer !== '' && !/^HTTP\/1\.1 [234]\d\d /.test(answer));
    expect(broken.slice(0, 5)).toEqual([]);
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 4')).length).toBeGreaterThan(sent / 2);
  }, 60_000);

  test('and after all that it works as before', async () => {
    expect(unhandled).toEqual([]);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    const { client: user } = await newUser(server.url);
    const stream = await user.stream(`/chats/${await user.chat()}/messages`, {
      body: { text: 'What is 6 * 7?' },
    });
    const events = await stream.rest();
    expect(textOf(events)).toContain('42');
    expect(dataOf(events.at(-1))).toMatchObject({ reply: { state: 'complete' } });
  });
});

async function inject({ method, url, headers, payload }: Malformed) {
  return server.app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
}

const printable = ({ request, status, body }: { request: Malformed; status: number; body: string }) =>
  `${request.method} ${request.url.slice(0, 200)} ${JSON.stringify(request.headers)} ${request.payload?.toString('latin1').slice(0, 300)} → ${status} ${body}`;

/** The request as bytes, most of the time with something wrong in them. */
function garbled({ method, url, headers, payload }: Malformed, random: () => number): Buffer {
  const below = (count: number) => Math.floor(random() * count);
  const body = payload ?? Buffer.alloc(0);
  const lines = Object.entries({
    host: 'x',
    ...headers,
    connection: 'close',
    'content-length': `${body.length}`,
  });
  const head = `${method} ${url} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  switch (below(6)) {
    case 0:
      return bytes.subarray(0, below(bytes.length));
    case 1:
      for (let flips = 1 + below(8); flips > 0; flips -= 1) bytes[below(bytes.length)] = below(256);
      return bytes;
    case 2:
      return Buffer.from(
        head.replace(/content-length: \d+/, 'transfer-encoding: chunked') +
          `${body.length + 5}\r\n${body.toString()}`,
      );
    case 3:
      return Buffer.from(
        head.replace('HTTP/1.1', ['HTTP/9', '', 'HTTP/1.1\r\nHost: y', 'HTTP/1.0'][below(4)] ?? ''),
      );
    case 4:
      return Buffer.from(Array.from({ length: below(300) }, () => below(256)));
    default:
      return bytes;
  }
}

/** The first line of what comes back, or nothing when the connection is closed without a word. */
function answerTo(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n')) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.end(bytes);
  });
}
