import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../cli/run-command.ts';
import { createClient } from '../conformance/amanda/client.ts';
import { connect } from '../conformance/amanda/socket-client.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type Sent, signInV1, type V1Client, type V1Reply } from '../support/v1-client.ts';
import { type BackendProcess, startBackendProcess } from './backend-process.ts';

const data = temporaryFolder();
let backend: BackendProcess;
let server: ServerProcess;
let client: V1Client;
beforeAll(async () => {
  backend = await startBackendProcess();
  server = await startServerProcess({
    DATA_DIR: data.folder,
    AI_PROVIDER: 'grpc',
    GRPC_AI_BACKEND_HOST: 'localhost',
    GRPC_AI_BACKEND_PORT: String(backend.port),
    AI_RETRIES: '0',
    LOG_LEVEL: 'error',
  });
  client = await signInV1(server.url, 'ada');
});
afterAll(async () => {
  await server.stop();
  await backend.stop();
  data.remove();
});

const newChat = async () => (await client.json<{ id: string }>('POST', '/api/v1/chats', {})).id;

/** Sends, and reads the reply by Server-Sent Events. */
async function talk(chat: string, text: string, onText?: () => Promise<void>) {
  const { reply } = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, { text });
  let said = '';
  for await (const { event, data: body } of client.events(`/api/v1/replies/${reply.id}/events`)) {
    if (event !== 'text-delta') continue;
    said += (JSON.parse(body) as { text: string }).text;
    await onText?.();
  }
  const { state, error_code: code } = await client.json<V1Reply>('GET', `/api/v1/replies/${reply.id}`);
  return { said, state, code };
}

const storedAnswer = async (chat: string) =>
  (
    await client.json<{ items: { role: string; text: string }[] }>('GET', `/api/v1/chats/${chat}/messages`)
  ).items.findLast(({ role }) => role === 'assistant')?.text;

describe('a server and an AI backend, by two commands', () => {
  it('answer, and remember what was said', async () => {
    const chat = await newChat();
    await talk(chat, 'Hi, my name is Ada.');
    const { said, state } = await talk(chat, 'What is my name?');
    expect({ said, state }).toEqual({ said: expect.stringContaining('Ada'), state: 'complete' });
    expect(await storedAnswer(chat)).toBe(said);
  });

  it('answer Amanda’s own frontend over Socket.IO', async () => {
    const amanda = createClient(server.url);
    const { cookie } = await amanda.newUser();
    const chatId = await amanda.newChat(cookie);
    await using socket = await connect(server.url, cookie);
    await socket.ask(chatId, 'Hi, my name is Grace.');
    const { text, end } = await socket.ask(chatId, 'What is my name?');
    expect(end).toEqual({
      event: 'message_complete',
      payload: { full_text: text, message_id: expect.any(Number) },
    });
    expect(text).toContain('Grace');
  });

  it('are both found well', async () => {
    const env = { DATA_DIR: data.folder, PORT: '0', AI_PROVIDER: 'grpc' };
    const { stdout } = await runCommand(['doctor'], { ...env, GRPC_AI_BACKEND_PORT: String(backend.port) });
    expect(stdout).toMatch(/^ok {4}AI +grpc answers/m);
  });

  it('lose no shown text when the AI backend dies, and go on when it is back', async () => {
    const slow = await startBackendProcess({ BASIC_WORD_DELAY_MS: '20' });
    const folder = temporaryFolder();
    const here = await startServerProcess({
      DATA_DIR: folder.folder,
      AI_PROVIDER: 'grpc',
      GRPC_AI_BACKEND_PORT: String(slow.port),
      AI_RETRIES: '0',
      // This test asks again at once, and would be left alone for it.
      AI_BREAKER_FAILURES: '0',
      LOG_LEVEL: 'fatal',
    });
    const before = client;
    client = await signInV1(here.url, 'ada');
    try {
      const chat = await newChat();
      const cut = await talk(chat, 'help', () => slow.kill());
      expect(cut).toEqual({ state: 'failed', code: 'ai-broke-off', said: expect.stringMatching(/\S/) });
      expect(await storedAnswer(chat)).toBe(cut.said);
      expect(await talk(chat, 'hello?')).toEqual({ said: '', state: 'failed', code: 'ai-unreachable' });

      const again = await startBackendProcess({}, slow.port);
      const startedAt = performance.now();
      while ((await talk(chat, 'hello?')).state !== 'complete')
        expect(performance.now() - startedAt).toBeLessThan(10_000);
      await again.stop();
    } finally {
      client = before;
      await here.stop();
      folder.remove();
    }
  });
});

describe('parlance ai-backend', () => {
  it('says in one line where it listens, and ends in order', async () => {
    const other = await startBackendProcess({ LOG_LEVEL: 'error' });
    expect(other.output()).toMatch(/^Parlance \S+ answers over gRPC on 127\.0\.0\.1:\d+, by basic\n$/);
    expect(await other.stop()).toBe(0);
  });

  it.each([
    ['ai-backend', { AI_PROVIDER: 'grpc' }, /^parlance: AI_PROVIDER is grpc, .*--provider.*\.\n$/],
    [
      'ai-backend --provider oracle',
      {},
      /^parlance: AI_PROVIDER is "oracle", but must be auto or one of .*\.\n$/,
    ],
    ['ai-backend --host 192.0.2.1', {}, /^parlance: This machine has no address 192\.0\.2\.1\. .*\n$/],
    ['ai-backend --port 65536', {}, /^error: option '--port <number>' .* 0 to 65535\.\n/],
  ])('ends with one clear line where it cannot: %s', async (words, env, line) => {
    const ran = await runCommand(words.split(' '), env);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(line);
  });

  it('ends with one clear line when its port is taken', async () => {
    const ran = await runCommand(['ai-backend', '--port', String(backend.port)], {});
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^parlance: Port \d+ is taken\. .*GRPC_AI_BACKEND_PORT\.\n$/);
  });
});
