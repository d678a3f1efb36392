import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { createFakeVoice, type FakeVoice } from '../support/fake-voice/fake-voice.ts';
import { samples } from '../support/sample-files.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { createV1Client, type Sent, type V1Client } from '../support/v1-client.ts';
import { readAllEvents } from './read-events.ts';
import { newChat } from './transports.ts';

const apiKey = 'sk-the-key-of-the-operator';
const voiceKey = 'vk-the-key-of-the-voice';
const jwtSecret = 'pq9x7-signs-every-token-of-this-server-71';
const password = 'correct-horse-battery-staple';
const said = 'what-the-user-said-in-confidence';
const answered = 'what-the-model-said-in-confidence';

let voice: FakeVoice;
beforeAll(async () => {
  voice = await createFakeVoice();
});
afterAll(() => voice.close());

/** Runs a server at its most talkative, and gives everything that it has printed. */
async function listenTo(baseUrl: string, use: (server: ServerProcess) => Promise<void>): Promise<string> {
  const data = temporaryFolder();
  const server = await startServerProcess({
    DATA_DIR: data.folder,
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: apiKey,
    AI_MODEL: 'fake',
    AI_RETRIES: '0',
    VOICE_BASE_URL: voice.url,
    VOICE_API_KEY: voiceKey,
    JWT_SECRET_KEY: jwtSecret,
    LOG_LEVEL: 'trace',
    RATE_LIMITS: 'off',
  });
  try {
    await use(server);
    expect(await server.stop()).toBe(0);
    return server.output();
  } finally {
    await server.kill();
    data.remove();
  }
}

function expectNoneOf(output: string, secrets: readonly string[]): void {
  // What printed nothing has kept every secret.
  expect(output).toContain('"level":40');
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(8);
    const at = output.indexOf(secret);
    expect(at < 0 ? '' : output.slice(Math.max(0, at - 300), at + 100)).toBe('');
  }
}

async function converse(client: V1Client, text: string): Promise<void> {
  const chat = await newChat(client);
  const { reply } = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, { text });
  await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
}

/** Speaks and listens, to a voice service that answers, refuses and breaks off. */
async function speakAndListen(client: V1Client, url: string, token: string): Promise<void> {
  const echo = JSON.stringify({ error: { message: `${voiceKey} is no key` } });
  for (const scene of [
    { said: answered },
    { status: 401, body: echo },
    { body: answered },
    { fault: 'cut' as const },
  ]) {
    const form = new FormData();
    form.append('file', new File([new Uint8Array(samples['wav']?.bytes ?? [])], `${said}.wav`));
    voice.play(scene);
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${url}/api/v1/transcriptions`, { method: 'POST', headers, body: form });
    voice.play(scene);
    const speech = await client.request('POST', '/api/v1/speech', { text: said });
    await speech.arrayBuffer().catch(() => undefined);
  }
  expect(voice.requests.length).toBe(8);
}

describe('nothing that is said in confidence is printed', () => {
  let ai: FakeAi;
  beforeAll(async () => {
    ai = await createFakeAi();
  });
  afterAll(() => ai.close());

  it('by a server whose users sign in, err, and talk to an AI that fails in every way', async () => {
    const secrets = [
      apiKey,
      voiceKey,
      jwtSecret,
      password,
      said,
      answered,
      'wrong-password-of-ada',
      'forged-token-of-eve',
    ];
    const output = await listenTo(ai.url, async (server) => {
      const guest = createV1Client(server.url, '');
      const json = { 'content-type': 'application/json' };
      const post = (path: string, body: unknown, headers = {}) => guest.request('POST', path, body, headers);
      await post('/api/v1/auth/register', { username: 'ada', password });
      await post('/api/v1/auth/register', { username: 'ada', password });
      await post('/api/v1/auth/sign-in', { login: 'ada', password: 'wrong-password-of-ada' });
      const cookie = await post(
        '/api/v1/auth/sign-in',
        { login: 'ada', password, mode: 'cookie' },
        { origin: server.url },
      );
      const [, session = ''] = /session=([^;]+)/.exec(cookie.headers.get('set-cookie') ?? '') ?? [];
      await guest.request('GET', '/api/v1/me', undefined, { cookie: `session=${session}` });
      const tokens = (await (await post('/api/v1/auth/sign-in', { login: 'ada', password })).json()) as {
        access_token: string;
        refresh_token: string;
      };
      secrets.push(session, tokens.access_token, tokens.refresh_token);
      await post('/api/v1/auth/refresh', { refresh_token: tokens.refresh_token });
      await post('/api/v1/auth/refresh', { refresh_token: `${tokens.refresh_token}x` });
      await guest.request('GET', '/api/v1/me', undefined, { authorization: 'Bearer forged-token-of-eve' });
      await guest.request('GET', `/api/v1/me?token=${tokens.access_token}&password=${password}`);
      await guest.request('GET', `/no/such/route?access_token=${tokens.access_token}`);
      await fetch(`${server.url}/api/v1/auth/sign-in`, {
        method: 'POST',
        headers: json,
        body: `{"password": "${password}`,
      });
      await speakNonsense(
        server.url,
        `GET /${said} HTTP/9.9\r\nauthorization: Bearer ${tokens.access_token}\r\n\r\n`,
      );

      const client = createV1Client(server.url, tokens.access_token);
      const spoken = encodeURIComponent(answered);
      await converse(client, `${said} fake:text=${spoken}`);
      for (const fault of [
        'cut',
        'garbage-bytes',
        'garbage-json',
        'error-event',
        'echoes-key',
        'not-http',
        'html',
      ]) {
        await converse(client, `${said} fake:fault=${fault},text=${spoken}`);
      }
      for (const status of [400, 401, 429, 500]) await converse(client, `${said} fake:status=${status}`);
      await client.request('POST', '/api/chat', { message: `${said} fake:fault=cut` });
      await client.request('POST', '/api/messages/1/send', { text: said, image: said, voice_text: said });
      await speakAndListen(client, server.url, tokens.access_token);
      await client.request('POST', '/api/v1/auth/sign-out');
    });
    expectNoneOf(output, secrets);
  });

  it('by a server whose AI breaks the protocol in the middle of a word', async () => {
    const vendor = await startBrokenVendor();
    const output = await listenTo(
      `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/v1`,
      async (server) => {
        const guest = createV1Client(server.url, '');
        const account = { username: 'ada', password, mode: 'tokens' };
        const tokens = await guest.json<{ access_token: string }>('POST', '/api/v1/auth/register', account);
        await converse(createV1Client(server.url, tokens.access_token), said);
      },
    );
    vendor.close();
    expectNoneOf(output, [apiKey, jwtSecret, password, said, answered]);
  });
});

/** Bytes that are no request, until the server has closed the connection. */
async function speakNonsense(url: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(bytes);
  socket.resume();
  await once(socket, 'close');
}

/** A vendor that says something, and goes on without the length that has to stand before every chunk. */
async function startBrokenVendor(): Promise<Server> {
  const first = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: answered } }] })}\n\n`;
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
  const chunk = `${Buffer.byteLength(first).toString(16)}\r\n${first}\r\n`;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(`${head}${chunk}no length, but ${answered}\r\n`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
