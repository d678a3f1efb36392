import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import { chatKeys, createClient, failure, messageKeys, secrets } from './client.ts';
import { connect } from './socket-client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
let userId: number;
beforeAll(async () => {
  ({ cookie, id: userId } = await client.newUser());
});

/** Says something and waits for the reply. */
async function say(chatId: number, message: string, as = cookie): Promise<void> {
  await using socket = await connect(client.url, as);
  await socket.ask(chatId, message);
}

describe('GET /api/chat/list', () => {
  it('README: `chats`; wire: their keys, newest `last_message_time` first', async () => {
    const user = await client.newUser();
    const list = () => client.call('GET /api/chat/list', { cookie: user.cookie });
    expect((await list()).text).toBe('{"chats":[]}');
    const first = await client.newChat(user.cookie);
    const second = await client.newChat(user.cookie);
    await say(first, 'hello', user.cookie);
    // A new name is no message.
    await client.call(`PUT /api/chat/${second}/rename`, { cookie: user.cookie, body: { title: 'renamed' } });
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      chats: [
        { id: first, user_id: user.id, title: 'hello' },
        { id: second, user_id: user.id, title: 'renamed' },
      ],
    });
    const [one, two] = await client.chats(user.cookie);
    for (const chat of [one, two]) {
      expect(keysOf(chat)).toEqual(chatKeys);
      expect(chat?.created_at).toMatch(naiveTime);
      expect(chat?.last_message_time).toMatch(naiveTime);
    }
    expect(two?.last_message_time).toBe(two?.created_at);
    expect(answer.text).not.toMatch(secrets);
  });

  it('has nobody else’s', async () => {
    const chatId = await client.newChat(cookie);
    const stranger = await client.newUser();
    expect(await client.chats(stranger.cookie)).toEqual([]);
    expect((await client.chats(cookie)).map(({ id }) => id)).toContain(chatId);
  });
});

describe('POST /api/chat/create', () => {
  it('README: `chat_id`, `title`, `created_at`; wire: 201', async () => {
    const answer = await client.call('POST /api/chat/create', { cookie });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        chat_id: expect.any(Number) as number,
        title: 'New Chat',
        created_at: expect.stringMatching(naiveTime) as string,
      },
    ]);
  });

  it('takes a title where there is one', async () => {
    const answer = await client.call('POST /api/chat/create', { cookie, body: { title: 'Plans' } });
    expect([answer.status, answer.body['title']]).toEqual([201, 'Plans']);
  });
});

describe('GET /api/chat/:chat_id/messages', () => {
  it('README: `messages`; wire: their keys, ascending', async () => {
    const chatId = await client.newChat(cookie);
    expect((await client.call(`GET /api/chat/${chatId}/messages`, { cookie })).text).toBe('{"messages":[]}');
    await say(chatId, 'Hello!');
    await say(chatId, 'And now?');
    const messages = await client.messages(cookie, chatId);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted((a, b) => a - b));
    expect([messages[0]?.content, messages[2]?.content]).toEqual(['Hello!', 'And now?']);
    for (const message of messages) {
      expect(keysOf(message)).toEqual(messageKeys);
      expect(message).toMatchObject({
        chat_id: chatId,
        content: expect.stringMatching(/\S/) as string,
        timestamp: expect.stringMatching(naiveTime) as string,
      });
    }
  });

  it.each([
    ['exactly forty characters make a whole title', 'x'.repeat(40), 'x'.repeat(40)],
    ['forty-one do not', 'y'.repeat(41), `${'y'.repeat(40)}...`],
  ])('wire "title": %s', async (_name, text, title) => {
    const chatId = await client.newChat(cookie);
    await say(chatId, text);
    await say(chatId, 'a second message changes nothing');
    const chats = await client.chats(cookie);
    expect(chats.find(({ id }) => id === chatId)?.title).toBe(title);
  });
});

describe('PUT /api/chat/:chat_id/rename', () => {
  it('wire: `{title}` → `{success, title}`', async () => {
    const chatId = await client.newChat(cookie);
    const answer = await client.call(`PUT /api/chat/${chatId}/rename`, {
      cookie,
      body: { title: ' Plans \u{1f600} ' },
    });
    expect([answer.status, answer.body]).toEqual([200, { success: true, title: 'Plans \u{1f600}' }]);
    const chats = await client.chats(cookie);
    expect(chats.find(({ id }) => id === chatId)).toMatchObject({
      title: 'Plans \u{1f600}',
      user_id: userId,
    });
  });

  it.each([
    [{}],
    [{ title: '' }],
    [{ title: '  ' }],
    [{ title: 7 }],
    [{ title: 'x'.repeat(256) }],
    [{ title: 'a\u0000' }],
  ])('%j is 400 and changes nothing', async (body) => {
    const chatId = await client.newChat(cookie);
    const answer = await client.call(`PUT /api/chat/${chatId}/rename`, { cookie, body });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['message', 'success']]);
    expect((await client.chats(cookie)).find(({ id }) => id === chatId)?.title).toBe('New Chat');
  });
});

describe('DELETE /api/chat/:chat_id', () => {
  it('wire: `{success}`, and it is gone', async () => {
    const chatId = await client.newChat(cookie);
    await say(chatId, 'to go');
    const answer = await client.call(`DELETE /api/chat/${chatId}`, { cookie });
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    expect((await client.chats(cookie)).map(({ id }) => id)).not.toContain(chatId);
    for (const route of [`GET /api/chat/${chatId}/messages`, `DELETE /api/chat/${chatId}`]) {
      const gone = await client.call(route, { cookie });
      expect([gone.status, gone.body]).toEqual([404, failure('Chat not found')]);
    }
  });
});
