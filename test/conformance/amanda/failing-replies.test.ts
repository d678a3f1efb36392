import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createFakeAi, type FakeAi, unreachableUrl } from '../../support/fake-ai/fake-ai.mjs';
import { startServerProcess, temporaryFolder } from '../../support/server-process.ts';
import { openTarget, type Target } from '../target.ts';
import { createClient, type Client } from './client.ts';
import { type ClientName, clients, connect, isEnd, isOfOthers, openSocket } from './socket-client.ts';

const openAi = (url: string) => ({
  AI_PROVIDER: 'openai',
  OPENAI_BASE_URL: url,
  AI_MODEL: 'any',
  AI_RETRIES: '0',
  AI_FIRST_TOKEN_TIMEOUT_MS: '1000',
  AI_IDLE_TIMEOUT_MS: '1000',
  SHUTDOWN_GRACE_MS: '500',
});
const unavailable = {
  event: 'error',
  payload: { message: 'AI service unavailable. Please try again later.' },
};

const clientNames = Object.keys(clients) as ClientName[];
const once = (socket: ReturnType<typeof openSocket>, event: string) =>
  new Promise((resolve) => void socket.once(event, resolve));

/** A user's chat on a server, and a socket. */
async function openChat(client: Client) {
  const { cookie } = await client.newUser();
  const chatId = await client.newChat(cookie);
  const socket = await connect(client.url, cookie);
  return {
    ...socket,
    cookie,
    chatId,
    say: (message: string) => socket.ask(chatId, message),
    stored: async () =>
      (await client.messages(cookie, chatId)).map(({ role, content }) => [role, content] as const),
  };
}

// Somebody else's server has an AI that does not fail when it is told to.
describe.skipIf(!inject('isOurs'))('wire `AI service unavailable. Please try again later.`', () => {
  let ai: FakeAi;
  let target: Target;
  let client: Client;
  beforeAll(async () => {
    ai = await createFakeAi();
    target = await openTarget(openAi(ai.url));
    client = createClient(target.url);
  });
  afterAll(async () => {
    await target.close();
    await ai.close();
  });

  it.each([
    ['refused with 401', 'fake:status=401'],
    ['refused with 429', 'fake:status=429'],
    ['failed with 500', 'fake:status=500'],
    ['took too long', 'fake:fault=hang-before-token'],
    ['closed without a word', 'fake:fault=close-before-headers'],
    ['spoke nonsense', 'fake:fault=garbage-text'],
  ])('an AI that %s: one error, and the message stays stored without an answer', async (_name, text) => {
    await using chat = await openChat(client);
    expect(await chat.say(text)).toEqual({ text: '', end: unavailable });
    expect(await chat.stored()).toEqual([['user', text]]);
    // The connection goes on, and nothing more was said of the failure.
    const other = await client.newChat(chat.cookie);
    expect((await chat.ask(other, 'fake:count=3')).end.event).toBe('message_complete');
    expect(chat.told.filter(isEnd)).toHaveLength(2);
  });

  it.each([
    ['broke off', 'fake:fault=cut,at=3,count=9'],
    ['fell silent', 'fake:fault=hang-between-tokens,at=3,count=9'],
    ['ended without an end', 'fake:fault=end,at=3,count=9'],
  ])('an AI that %s: one error; text that was shown is kept', async (_name, text) => {
    await using chat = await openChat(client);
    const { text: shown, end } = await chat.say(text);
    expect(end).toEqual(unavailable);
    expect(shown).toMatch(/\S/);
    expect(await chat.stored()).toEqual([
      ['user', text],
      ['assistant', shown],
    ]);
    expect((await chat.say('fake:count=3')).end.event).toBe('message_complete');
    expect(chat.told.filter(isEnd)).toHaveLength(2);
  });

  it('an AI that cannot be reached', async () => {
    const lonely = await openTarget(openAi(await unreachableUrl()));
    try {
      await using chat = await openChat(createClient(lonely.url));
      expect(await chat.say('hello')).toEqual({ text: '', end: unavailable });
    } finally {
      await lonely.close();
    }
  });

  it('a chat that is deleted while its reply streams ends the send', async () => {
    await using chat = await openChat(client);
    const answer = chat.say('fake:count=5000,rate=50');
    await chat.next(({ event }) => event === 'message_token');
    const deleted = await client.call(`DELETE /api/chat/${chat.chatId}`, { cookie: chat.cookie });
    expect(deleted.status).toBe(200);
    expect((await answer).end).toEqual({ event: 'error', payload: { message: 'Chat not found' } });
    expect(chat.told.filter(isEnd)).toHaveLength(1);
  });

  it('a client that goes away ends only its watching: the reply is there when it comes back', async () => {
    const chat = await openChat(client);
    const asked = ai.nextRequest();
    chat.socket.emit('send_message', { chat_id: chat.chatId, message: 'fake:count=20,rate=100' });
    await chat.next(({ event }) => event === 'message_token');
    const { ended } = await asked;
    chat.socket.disconnect();
    expect(await ended).toBe('answered');
    await expect.poll(async () => (await chat.stored()).length).toBe(2);
    expect((await chat.stored())[1]?.[1].split(' ').length).toBeGreaterThan(15);
  });

  it('a client that comes back while the reply streams gets all of it, once', async () => {
    const chat = await openChat(client);
    const id = { client_message_id: crypto.randomUUID() };
    const message = 'fake:count=40,rate=100';
    chat.socket.emit('send_message', { chat_id: chat.chatId, message, ...id });
    await chat.next(({ event }) => event === 'message_token');
    chat.socket.disconnect();
    // It shows another chat first: what runs elsewhere must not be shown there.
    await using again = await connect(client.url, chat.cookie);
    const from = again.told.length;
    await again.ask(await client.newChat(chat.cookie), 'fake:count=2');
    // Until the server has its message, it may hear of everything.
    const own = again.told.findIndex(
      (one, at) => at >= from && one.event === 'message_token' && !isOfOthers(one),
    );
    expect(again.told.slice(own).filter(isOfOthers)).toEqual([]);
    const { text, end } = await again.ask(chat.chatId, message, id);
    expect(end.payload['full_text']).toBe(text);
    expect(await chat.stored()).toEqual([
      ['user', message],
      ['assistant', text],
    ]);
  });

  it('P9: 20 logouts while a reply streams: each socket is told, and nothing comes later than 1 s', async () => {
    const late = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const chat = await openChat(client);
        chat.socket.emit('send_message', { chat_id: chat.chatId, message: 'fake:count=300,rate=100' });
        await chat.next(({ event }) => event === 'message_token');
        let lastAt = 0;
        chat.socket.onAny(() => (lastAt = performance.now()));
        const startedAt = performance.now();
        await Promise.all([client.call('POST /api/auth/logout', { cookie: chat.cookie }), chat.left]);
        expect(chat.told.at(-1)).toEqual({ event: 'error', payload: { message: 'Authentication required' } });
        return lastAt - startedAt;
      }),
    );
    expect(Math.max(...late)).toBeLessThan(1_000);
  });

  it('P16: a server that stops answers each send, and says goodbye', async () => {
    const stopping = await openTarget(openAi(ai.url));
    const chat = await openChat(createClient(stopping.url));
    const waiting = await connect(stopping.url, chat.cookie, '4.8 over polling, upgraded');
    const polling = await connect(stopping.url, chat.cookie, '4.8 over polling alone');
    const asked = ai.nextRequest();
    const answers = [chat.say('fake:count=100000,rate=40'), chat.say('fake:count=2')];
    const other = waiting.ask(
      await createClient(stopping.url).newChat(chat.cookie),
      'fake:count=100000,rate=40',
    );
    await asked;
    await chat.next(({ event }) => event === 'message_token');
    const startedAt = performance.now();
    await stopping.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    for (const { end } of await Promise.all([...answers, other])) expect(end.event).toBe('error');
    await Promise.all([chat.left, waiting.left, polling.left]);
    expect(chat.told.filter(isEnd)).toHaveLength(2);
    await expect(connect(stopping.url, chat.cookie)).rejects.toThrow(/websocket error/);
  });

  it('P16: a server that starts again has its clients back: each comes by itself, and goes on', async () => {
    const data = temporaryFolder();
    const settings = { DATA_DIR: data.folder, ...openAi(ai.url) };
    const stopping = await startServerProcess(settings);
    const { cookie } = await createClient(stopping.url).newUser();
    const sockets = clientNames.map((name) => openSocket(stopping.url, cookie, name));
    for (const { io } of sockets) io.reconnection(true).reconnectionDelay(20).reconnectionDelayMax(100);
    const connected = () => Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await connected();
    const left = Promise.all(sockets.map((socket) => once(socket, 'disconnect')));
    await stopping.stop();
    await left;
    expect(sockets.filter(({ active }) => !active)).toEqual([]);

    const again = connected();
    const started = await startServerProcess({ ...settings, PORT: new URL(stopping.url).port });
    await again;
    const chatId = await createClient(started.url).newChat(cookie);
    for (const socket of sockets) {
      const complete = once(socket, 'message_complete');
      socket.emit('send_message', { chat_id: chatId, message: 'fake:count=2' });
      await complete;
      socket.close();
    }
    await started.stop();
    data.remove();
  });

  it('a client whose connection breaks comes back by itself, and goes on', async () => {
    const { cookie } = await client.newUser();
    const chatId = await client.newChat(cookie);
    const socket = openSocket(client.url, cookie);
    socket.io.reconnection(true);
    socket.io.reconnectionDelay(20);
    await once(socket, 'connect');
    const again = once(socket, 'connect');
    socket.io.engine.close();
    await again;
    const complete = once(socket, 'message_complete');
    socket.emit('send_message', { chat_id: chatId, message: 'fake:count=2' });
    await complete;
    expect(await client.messages(cookie, chatId)).toHaveLength(2);
    socket.close();
  });
});
