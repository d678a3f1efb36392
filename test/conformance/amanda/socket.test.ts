import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient } from './client.ts';
import { clients, connect, isEnd, type ClientName, type TestSocket } from './socket-client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
let chatId: number;
beforeAll(async () => {
  ({ cookie } = await client.newUser());
});
beforeEach(async () => {
  chatId = await client.newChat(cookie);
});
const names = Object.keys(clients) as ClientName[];
const failed = (message: string) => ({ event: 'error', payload: { message } });

describe.each(names)('client %s', (name) => {
  it('README: `send_message` → `message_token` → `message_complete`, which is stored', async () => {
    await using socket = await connect(client.url, cookie, name);
    const { text, end } = await socket.ask(chatId, 'Hello, Amanda!');
    expect(end.event).toBe('message_complete');
    expect(keysOf(end.payload)).toEqual(['full_text', 'message_id']);
    expect(end.payload['full_text']).toBe(text);
    expect(text).toMatch(/\S/);
    expect(await client.messages(cookie, chatId)).toMatchObject([
      { role: 'user', content: 'Hello, Amanda!' },
      { id: end.payload['message_id'], role: 'assistant', content: text },
    ]);
  });

  it('answers one send after the other, on one connection', async () => {
    await using socket = await connect(client.url, cookie, name);
    for (const message of ['one', 'two', 'three']) {
      const { text, end } = await socket.ask(chatId, message);
      expect(end.payload['full_text']).toBe(text);
    }
    expect(await client.messages(cookie, chatId)).toHaveLength(6);
  });

  it.each(['', 'session=nonsense', `session=${'x'.repeat(43)}`])(
    'wire "no cookie: the connection is refused": %j',
    async (none) => {
      await expect(connect(client.url, none, name)).rejects.toThrow(/websocket error|xhr poll error/);
    },
  );
});

describe('send_message', () => {
  let socket: TestSocket;
  beforeEach(async () => {
    socket = await connect(client.url, cookie);
    return () => socket.socket.close();
  });

  it('wire: `chat_id` may be a number or its decimal string; the message is trimmed', async () => {
    await socket.ask(String(chatId), '  padded \n');
    const [stored] = await client.messages(cookie, chatId);
    expect(stored?.content).toBe('padded');
  });

  it('wire: an acknowledgement gets `{"message_id"}` of the stored user message', async () => {
    const from = socket.told.length;
    const answer = await new Promise((resolve) => {
      socket.socket.emit('send_message', { chat_id: chatId, message: 'hello' }, resolve);
    });
    await socket.answer(from);
    const [stored] = await client.messages(cookie, chatId);
    expect(answer).toEqual({ message_id: stored?.id });
  });

  it('wire: the title is there before the reply streams', async () => {
    socket.socket.emit('send_message', { chat_id: chatId, message: 'What is a compiler?' });
    await socket.next(({ event }) => event === 'message_token');
    const chats = await client.chats(cookie);
    expect(chats.find(({ id }) => id === chatId)?.title).toBe('What is a compiler?');
  });

  it('wire README 11: `client_message_id` makes a send count once; each is answered', async () => {
    const id = { client_message_id: crypto.randomUUID() };
    const first = await socket.ask(chatId, 'once', id);
    const again = await socket.ask(chatId, 'once', id);
    expect(again).toEqual(first);
    await using other = await connect(client.url, cookie, '4.8 over polling, upgraded');
    expect(await other.ask(chatId, 'once', id)).toEqual(first);
    expect(await client.messages(cookie, chatId)).toHaveLength(2);
    const reused = await socket.ask(chatId, 'other', id);
    expect(reused.end.event).toBe('error');
    expect(await client.messages(cookie, chatId)).toHaveLength(2);
  });

  it('P7: sends at once are all answered, each once, in their order', async () => {
    const texts = ['a', 'b', 'c', 'd'];
    for (const message of texts) socket.socket.emit('send_message', { chat_id: chatId, message });
    await expect.poll(() => socket.told.filter(isEnd).length).toBe(texts.length);
    const messages = await client.messages(cookie, chatId);
    const users = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
    expect(users).toEqual(texts);
    const ends = socket.told.filter(isEnd).map(({ payload }) => payload['message_id']);
    expect(ends).toEqual(messages.filter(({ role }) => role === 'assistant').map(({ id }) => id));
  });

  it.each([
    ['\u{1f600} ü é', '\u{1f600} ü é'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['line\r\nline\ttab', 'line\r\nline\ttab'],
  ])('P4: %j is stored byte for byte', async (message, stored) => {
    await socket.ask(chatId, message);
    expect((await client.messages(cookie, chatId))[0]?.content).toBe(stored);
  });
});

describe('message_token', () => {
  it('wire: `full_text` is exactly the concatenation of the tokens, over every kind of text', async () => {
    await using socket = await connect(client.url, cookie);
    for (const message of ['help', 'What is recursion?', '12 * 12', 'My name is \u{1f600}']) {
      const { text, end } = await socket.ask(chatId, message);
      expect(end.payload['full_text']).toBe(text);
    }
    const tokens = socket.told.filter(({ event }) => event === 'message_token');
    expect(tokens.length).toBeGreaterThanOrEqual(4);
    for (const { payload } of tokens) expect(keysOf(payload)).toEqual(['text']);
  });
});

describe('message_complete', () => {
  it('wire: it is stored before the event is sent', async () => {
    await using socket = await connect(client.url, cookie);
    for (let round = 0; round < 10; round += 1) {
      const { end } = await socket.ask(chatId, `round ${round}`);
      const messages = await client.messages(cookie, chatId);
      expect(messages.at(-1)).toMatchObject({
        id: end.payload['message_id'],
        content: end.payload['full_text'],
      });
    }
  });
});

describe('error', () => {
  let socket: TestSocket;
  beforeEach(async () => {
    socket = await connect(client.url, cookie);
    return () => socket.socket.close();
  });

  it.each([
    [[]],
    [[null]],
    [['text']],
    [[7]],
    [[[]]],
    [[{}]],
    [[{ chat_id: 1 }]],
    [[{ message: 'x' }]],
    [[{ chat_id: null, message: 'x' }]],
    [[{ chat_id: '', message: 'x' }]],
    [[{ chat_id: 'abc', message: 'x' }]],
    [[{ chat_id: [1], message: 'x' }]],
    [[{ chat_id: true, message: 'x' }]],
    [[{ chat_id: 1, message: 7 }]],
    [[{ chat_id: 1, message: null }]],
    [[{ chat_id: 1, message: { text: 'x' } }]],
    [[Buffer.from('{"chat_id":1,"message":"x"}')]],
    [[{ chat_id: 1, message: Buffer.from('x') }]],
    [[{ chat_id: 1, message: 'x', client_message_id: 7 }]],
    [[JSON.parse('{"__proto__":{"chat_id":1,"message":"x"}}') as object]],
  ])('wire `Invalid message data`: %j', async (args: unknown[]) => {
    expect((await socket.send(...args)).end).toEqual(failed('Invalid message data'));
  });

  it.each(['', '   ', '\n\t'])('wire `Message cannot be empty`: %j', async (message) => {
    expect((await socket.ask(chatId, message)).end).toEqual(failed('Message cannot be empty'));
  });

  it.each([0, -1, 1.5, 2 ** 40, 2 ** 53, '01', '9007199254740993', '99999999999999999999'])(
    'wire `Chat not found`: %j',
    async (id) => {
      expect((await socket.ask(id, 'hello')).end).toEqual(failed('Chat not found'));
    },
  );

  it('wire `Access denied`: another user’s chat, which stays as it is', async () => {
    const owner = await client.newUser();
    const foreign = await client.newChat(owner.cookie);
    expect((await socket.ask(foreign, 'hello')).end).toEqual(failed('Access denied'));
    expect(await client.messages(owner.cookie, foreign)).toEqual([]);
  });

  it.each(['a\u0000b', '\ud800', 'x\udc00'])(
    'text that is no Unicode is refused and not stored: %j',
    async (message) => {
      expect((await socket.ask(chatId, message)).end).toEqual(failed('Invalid message data'));
      expect(await client.messages(cookie, chatId)).toEqual([]);
    },
  );

  it('no acknowledgement is given for what was not stored, and the connection goes on', async () => {
    const acknowledged: unknown[] = [];
    const refused = await socket.send({ chat_id: chatId }, (answer: unknown) => acknowledged.push(answer));
    expect(refused.end.event).toBe('error');
    expect((await socket.ask(chatId, 'hello')).end.event).toBe('message_complete');
    expect(acknowledged).toEqual([]);
  });

  it('unknown events are ignored', async () => {
    for (const event of ['message', 'typing', 'join', 'error', 'message_complete']) {
      socket.socket.emit(event, { chat_id: chatId, message: 'x' });
    }
    expect((await socket.ask(chatId, 'hello')).end.event).toBe('message_complete');
    expect(await client.messages(cookie, chatId)).toHaveLength(2);
  });
});
