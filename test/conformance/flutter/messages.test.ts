import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient, forbidden, messageKeys, problemsOf, time, uuid } from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
let chatId: string;
let path: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
  chatId = await client.newChat(token);
  path = `POST /chats/${chatId}/messages/`;
});

describe('POST /chats/:chat_id/messages/', () => {
  it('README "Send a message"; wire "answers the USER message", and the reply is stored by then', async () => {
    const chat = await client.newChat(token);
    const answer = await client.call(`POST /chats/${chat}/messages/`, { token, body: { content: 'Hello' } });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, messageKeys]);
    expect(answer.body).toEqual({
      id: expect.stringMatching(uuid) as string,
      content: 'Hello',
      type: 'text',
      sender: 'user',
      timestamp: expect.stringMatching(time) as string,
      status: 'sent',
      media_urls: [],
      reply_to_id: null,
      importance_level: 'normal',
    });
    expect(answer.text).not.toMatch(forbidden);
    // "The app refetches at once and never polls".
    const messages = await client.messages(token, chat);
    expect(messages.map(({ sender }) => sender)).toEqual(['user', 'ai']);
    expect(messages[1]?.content).not.toBe('');
  });

  it('README "`type`, `media_urls`", wire "`reply_to_id`": kept as they came', async () => {
    const chat = await client.newChat(token);
    const first = await client.send(token, chat, 'first');
    const media_urls = ['https://example.com/one.png', 'https://example.com/two.png'];
    const body = {
      content: 'look',
      type: 'image',
      media_urls,
      reply_to_id: first.id,
      sender: 'ai',
      status: 'read',
    };
    const answer = await client.call(`POST /chats/${chat}/messages/`, { token, body });
    const expected = {
      content: 'look',
      type: 'image',
      media_urls,
      reply_to_id: first.id,
      sender: 'user',
      status: 'sent',
    };
    expect(answer.body).toMatchObject(expected);
    expect((await client.messages(token, chat))[2]).toMatchObject(expected);
  });

  it('takes null for what is not there, and media without words', async () => {
    const nothing = { type: null, media_urls: null, reply_to_id: null, client_message_id: null };
    const answer = await client.call(path, { token, body: { content: 'plain', ...nothing } });
    expect(answer.body).toMatchObject({ type: 'text', media_urls: [], reply_to_id: null });
    const media = await client.call(path, {
      token,
      body: { content: '', media_urls: ['https://example.com/a.png'] },
    });
    expect([media.status, media.body['content']]).toEqual([200, '']);
  });

  it.each([
    [{}, 'missing', ['body', 'content']],
    [{ content: null }, 'string_type', ['body', 'content']],
    [{ content: 5 }, 'string_type', ['body', 'content']],
    [{ content: '  ' }, 'value_error', ['body', 'content']],
    [{ content: 'a\u0000b' }, 'value_error', ['body', 'content']],
    [{ content: 'x'.repeat(100_001) }, 'value_error', ['body', 'content']],
    [{ content: 'x', media_urls: 'y' }, 'list_type', ['body', 'media_urls']],
    [{ content: 'x', media_urls: ['y', 5] }, 'string_type', ['body', 'media_urls', 1]],
    [{ content: 'x', reply_to_id: 'no id' }, 'value_error', ['body', 'reply_to_id']],
    [{ content: 'x', type: 'Not a word' }, 'value_error', ['body', 'type']],
  ])('%j is 422 and stores nothing', async (body, type, loc) => {
    const chat = await client.newChat(token);
    const answer = await client.call(`POST /chats/${chat}/messages/`, { token, body });
    expect([answer.status, keysOf(answer.body)]).toEqual([422, ['detail']]);
    expect(problemsOf(answer).map((problem) => [problem.type, problem.loc])).toContainEqual([type, loc]);
    expect(await client.messages(token, chat)).toEqual([]);
  });

  it.each(['Idempotency-Key', 'client_message_id'])(
    'wire README 11: %s makes it count once',
    async (name) => {
      const chat = await client.newChat(token);
      const key = randomUUID();
      const send = (content: string) =>
        client.call(`POST /chats/${chat}/messages/`, {
          token,
          headers: name === 'Idempotency-Key' ? { [name]: key } : {},
          body: { content, ...(name === 'client_message_id' ? { [name]: key } : {}) },
        });
      const first = await send('once');
      expect((await send('once')).body).toEqual(first.body);
      const other = await send('something else');
      expect([other.status, keysOf(other.body)]).toEqual([422, ['detail']]);
      expect(await client.messages(token, chat)).toHaveLength(2);
    },
  );

  it('keeps text exactly', async () => {
    const chat = await client.newChat(token);
    const content = ' \u{1F469}\u200d\u{1F680} "quoted" \\ \n\t <b>ünï</b> ';
    expect((await client.send(token, chat, content)).content).toBe(content);
    expect((await client.messages(token, chat))[0]?.content).toBe(content);
  });
});

describe('GET /chats/:chat_id/messages/', () => {
  it('README "Get messages for a specific chat": an array, oldest first', async () => {
    const chat = await client.newChat(token);
    const empty = await client.call(`GET /chats/${chat}/messages/`, { token });
    expect([empty.status, empty.text]).toEqual([200, '[]']);
    const sent = [await client.send(token, chat, 'Hello'), await client.send(token, chat, 'What is Python?')];
    const answer = await client.call(`GET /chats/${chat}/messages/`, { token });
    const messages = answer.body as unknown as (typeof sent)[number][];
    expect(messages.map(({ sender }) => sender)).toEqual(['user', 'ai', 'user', 'ai']);
    expect([messages[0], messages[2]]).toEqual(sent);
    for (const message of messages) expect(keysOf(message)).toEqual(messageKeys);
    const times = messages.map((message) => String(message['timestamp']));
    expect(times).toEqual(times.toSorted());
    expect(answer.text).not.toMatch(forbidden);
  });

  it('has all messages, however many', async () => {
    const chat = await client.newChat(token);
    for (let at = 0; at < 52; at += 1) await client.send(token, chat, `message ${at}`);
    const messages = await client.messages(token, chat);
    expect(messages).toHaveLength(104);
    expect(messages.filter(({ sender }) => sender === 'user').map(({ content }) => content)).toEqual(
      Array.from({ length: 52 }, (_none, at) => `message ${at}`),
    );
  });
});
