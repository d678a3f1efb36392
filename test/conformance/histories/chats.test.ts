import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import { chatKeys, createClient, messageKeys, secrets } from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
let userId: number;
beforeAll(async () => {
  ({ token, id: userId } = await client.newUser());
});

describe('GET /api/chat/histories', () => {
  it('README "Get All Chats": an array; wire: newest `updated_at` first', async () => {
    const user = await client.newUser();
    expect((await client.call('GET /api/chat/histories', { token: user.token })).text).toBe('[]');
    const first = await client.newChat(user.token, 'first');
    const second = await client.newChat(user.token, 'second');
    await client.send(user.token, first, 'hello');
    const answer = await client.call('GET /api/chat/histories', { token: user.token });
    const chats = answer.body as unknown as Record<string, unknown>[];
    expect(answer.status).toBe(200);
    expect(chats.map((chat) => [chat['id'], chat['title'], chat['message_count'], chat['user_id']])).toEqual([
      [first, 'first', 2, user.id],
      [second, 'second', 0, user.id],
    ]);
    for (const chat of chats) {
      expect(keysOf(chat)).toEqual(chatKeys);
      expect(chat['created_at']).toMatch(naiveTime);
      expect(chat['updated_at']).toMatch(naiveTime);
    }
    expect(answer.text).not.toMatch(secrets);
  });

  it('has all chats, however many, and nobody else’s', async () => {
    const user = await client.newUser();
    const titles = Array.from({ length: 105 }, (_none, at) => `chat ${at}`);
    const made = await Promise.all(titles.map((title) => client.newChat(user.token, title)));
    const answer = await client.call('GET /api/chat/histories', { token: user.token });
    const chats = answer.body as unknown as { id: number; updated_at: string }[];
    expect(chats.map(({ id }) => id).toSorted((one, other) => one - other)).toEqual(
      made.toSorted((one, other) => one - other),
    );
    const times = chats.map((chat) => chat.updated_at);
    expect(times).toEqual(times.toSorted().toReversed());
  });
});

describe('POST /api/chat/create', () => {
  it('README "Create New Chat": 201, superset of the wire page', async () => {
    const answer = await client.call('POST /api/chat/create', { token, body: { title: 'General Q&A' } });
    expect(answer.status).toBe(201);
    expect(keysOf(answer.body)).toEqual([...chatKeys, 'messages'].toSorted());
    expect(answer.body).toMatchObject({
      title: 'General Q&A',
      user_id: userId,
      message_count: 0,
      messages: [],
    });
    expect(Number.isInteger(answer.body['id'])).toBe(true);
    expect(answer.body['created_at']).toMatch(naiveTime);
    expect(answer.body['updated_at']).toBe(answer.body['created_at']);
  });

  it.each([[{}], [{ title: null }], [{ title: '' }]])('wire "no title": %j is "New Chat"', async (body) => {
    const answer = await client.call('POST /api/chat/create', { token, body });
    expect([answer.status, answer.body['title']]).toEqual([201, 'New Chat']);
  });

  it('wire README 1: an empty body with a JSON content type is no body', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await client.call('POST /api/chat/create', { token, headers });
    expect([answer.status, answer.body['title']]).toEqual([201, 'New Chat']);
  });

  it('refuses a title that is no text, too long, or no Unicode', async () => {
    for (const title of [7, 'x'.repeat(256), 'a\u0000b', '\ud800']) {
      const answer = await client.call('POST /api/chat/create', { token, body: { title } });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });
});

describe('GET /api/chat/:chat_id', () => {
  it('README "Get Specific Chat": the chat with `messages`; wire: ascending', async () => {
    const chatId = await client.newChat(token, 'talk');
    const one = await client.send(token, chatId, 'Hello');
    const two = await client.send(token, chatId, 'What is Python?');
    const answer = await client.call(`GET /api/chat/${chatId}`, { token });
    expect(answer.status).toBe(200);
    expect(keysOf(answer.body)).toEqual([...chatKeys, 'messages'].toSorted());
    expect(answer.body).toMatchObject({ id: chatId, title: 'talk', message_count: 4 });
    expect(answer.body['messages']).toEqual([one.user, one.bot, two.user, two.bot]);
    for (const message of answer.body['messages'] as object[]) expect(keysOf(message)).toEqual(messageKeys);
    expect(answer.text).not.toMatch(secrets);
  });

  it('README example: the first message names a chat that has no title', async () => {
    const chatId = await client.newChat(token);
    await client.send(token, chatId, 'A question that is longer than forty characters, by far');
    const { body } = await client.call(`GET /api/chat/${chatId}`, { token });
    expect(body['title']).toBe('A question that is longer than forty cha...');
  });

  it.each(['0', '01', '+1', '-1', '1.0', '1e0', '9007199254740993', '99999999999999999999', '2147483647999'])(
    'the id %s is 404 like a chat that never existed',
    async (id) => {
      const answer = await client.call(`GET /api/chat/${id}`, { token });
      expect([answer.status, answer.body]).toEqual([404, { error: 'Chat not found' }]);
    },
  );
});

/** Both take the messages away; only one takes the chat with them. */
async function checkRemoval(route: (chatId: number) => string, { message, keepsChat }: Removal) {
  const chatId = await client.newChat(token, 'to go');
  const sent = await client.send(token, chatId, 'a text to lose');
  const headers = { 'content-type': 'application/json' };
  const answer = await client.call(route(chatId), { token, headers });
  expect([answer.status, answer.body]).toEqual([200, { message }]);

  const chat = await client.call(`GET /api/chat/${chatId}`, { token });
  if (keepsChat)
    expect(chat.body).toMatchObject({ id: chatId, title: 'to go', message_count: 0, messages: [] });
  else expect([chat.status, chat.body]).toEqual([404, { error: 'Chat not found' }]);
  const list = await client.call('GET /api/chat/histories', { token });
  expect((list.body as unknown as { id: number }[]).some(({ id }) => id === chatId)).toBe(keepsChat);
  for (const { id } of [sent.user, sent.bot]) {
    const gone = await client.call(`DELETE /api/messages/${id}`, { token });
    expect([gone.status, gone.body]).toEqual([404, { error: 'Message not found' }]);
  }
}
type Removal = { message: string; keepsChat: boolean };

describe('DELETE /api/chat/:chat_id/delete', () => {
  it('README "Delete Chat"; wire "rows really go"', () =>
    checkRemoval((id) => `DELETE /api/chat/${id}/delete`, {
      message: 'Chat deleted successfully',
      keepsChat: false,
    }));
});

describe('POST /api/chat/:chat_id/clear', () => {
  it('README "Clear Chat Messages"; wire "rows really go"', () =>
    checkRemoval((id) => `POST /api/chat/${id}/clear`, {
      message: 'Chat cleared successfully',
      keepsChat: true,
    }));
});
