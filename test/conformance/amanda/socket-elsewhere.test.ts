import { beforeEach, describe, expect, inject, it } from 'vitest';
import { createClient } from './client.ts';
import { connect, isEnd, isOfOthers, type TestSocket, type Told } from './socket-client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
let chatId: number;
let token: string;
beforeEach(async () => {
  const user = await client.newUser();
  ({ cookie } = user);
  chatId = await client.newChat(cookie);
  const login = await client.call('POST /api/auth/login', {
    body: { username: user.email, password: user.password },
  });
  token = login.body['token'] as string;
});

/** Says something through the histories dialect, and waits for the reply there. */
async function sayElsewhere(id: number, text: string) {
  const { body } = await client.call(`POST /api/messages/${id}/send`, {
    headers: { authorization: `Bearer ${token}` },
    body: { text },
  });
  return body as { user_message: { id: number; text: string }; ai_response: { id: number; text: string } };
}

const completeOf = (id: number) => (one: Told) =>
  one.event === 'message_complete' && one.payload['message_id'] === id;
const textOf = (told: readonly Told[]) =>
  told
    .filter(({ event }) => event === 'message_token')
    .map(({ payload }) => payload['text'])
    .join('');

/** All that it hears of until a change that is made last. */
async function until(socket: TestSocket, change: () => Promise<unknown>, event: string): Promise<Told[]> {
  const from = socket.told.length;
  await change();
  await socket.next((one) => one.event === event, from);
  return socket.told.slice(from);
}

describe('issue "a message sent through one dialect reaches open connections of every other"', () => {
  it('a reply of another dialect comes to a socket that has sent nothing, with its chat’s id', async () => {
    await using socket = await connect(client.url, cookie);
    const { ai_response: reply } = await sayElsewhere(chatId, 'What is recursion?');
    const end = await socket.next(completeOf(reply.id));
    expect(end.payload).toEqual({ message_id: reply.id, full_text: reply.text, chat_id: chatId });
    const tokens = socket.told.filter(({ event }) => event === 'message_token');
    expect(textOf(tokens)).toBe(reply.text);
    for (const { payload } of tokens)
      expect(payload).toMatchObject({ chat_id: chatId, message_id: reply.id });
  });

  it('…and to one that has sent to that chat last, but to no other', async () => {
    const otherId = await client.newChat(cookie);
    await using here = await connect(client.url, cookie);
    await using there = await connect(client.url, cookie);
    await there.ask(otherId, 'hello');
    const before = there.told.length;
    await here.ask(chatId, 'hello');
    const rename = () =>
      client.call(`PUT /api/chat/${otherId}/rename`, { cookie, body: { title: crypto.randomUUID() } });
    const from = here.told.length;
    const { ai_response: reply } = await sayElsewhere(chatId, 'What is recursion?');
    expect((await here.next(completeOf(reply.id), from)).payload['full_text']).toBe(reply.text);
    expect(textOf(here.told.slice(from))).toBe(reply.text);
    await until(there, rename, 'chat_updated');
    expect(there.told.slice(before).filter(isOfOthers)).toEqual([]);
  });

  it('two sockets: what one asks reaches the other once, with the id; the one that asked gets it once, without', async () => {
    await using one = await connect(client.url, cookie);
    await using other = await connect(client.url, cookie, '4.8 over polling, upgraded');
    const { text, end } = await one.ask(chatId, 'What is recursion?');
    const id = end.payload['message_id'] as number;
    const copy = await other.next(completeOf(id));
    expect(copy.payload).toEqual({ message_id: id, full_text: text, chat_id: chatId });
    expect(textOf(other.told)).toBe(text);
    expect(textOf(one.told)).toBe(text);
    expect(one.told.filter(isEnd)).toHaveLength(1);
    expect(one.told.filter(isOfOthers)).toEqual([]);
  });

  it('another user’s sockets hear nothing', async () => {
    const stranger = await client.newUser();
    await using socket = await connect(client.url, stranger.cookie);
    await sayElsewhere(chatId, 'private matters');
    const told = await until(socket, () => client.newChat(stranger.cookie), 'chat_created');
    expect(told.map(({ event }) => event)).toEqual(['chat_created']);
  });

  it('what amanda’s clients say reaches /api/v1/events', async () => {
    const events = await fetch(`${client.url}/api/v1/events`, {
      headers: { cookie, accept: 'text/event-stream' },
    });
    expect(events.status).toBe(200);
    await using socket = await connect(client.url, cookie);
    const { text } = await socket.ask(chatId, 'hello there');
    let seen = '';
    for await (const chunk of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      seen += chunk;
      if (seen.includes('event: reply-end') && seen.endsWith('\n\n')) break;
    }
    expect(seen).toContain('event: message-created');
    expect(seen).toContain(JSON.stringify(text));
  });
});

describe('other changes are events of their own', () => {
  it('of chats and messages, with amanda’s ids and words', async () => {
    await using socket = await connect(client.url, cookie);
    const newId = await client.newChat(cookie);
    const { user_message: message } = await sayElsewhere(newId, 'hello');
    await client.call(`DELETE /api/messages/${message.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await client.call(`POST /api/chat/${newId}/clear`, { headers: { authorization: `Bearer ${token}` } });
    const told = await until(
      socket,
      () => client.call(`DELETE /api/chat/${newId}`, { cookie }),
      'chat_deleted',
    );
    const seen = socket.told.filter(({ event }) => /^chat_|^message_(created|deleted)/.test(event));
    expect(seen.map(({ event }) => event)).toEqual([
      'chat_created',
      'message_created',
      'chat_updated',
      'message_deleted',
      'chat_cleared',
      'chat_deleted',
    ]);
    expect(seen[0]?.payload).toMatchObject({ chat: { id: newId, title: 'New Chat' } });
    expect(seen[1]?.payload).toMatchObject({
      message: { id: message.id, chat_id: newId, role: 'user', content: 'hello' },
    });
    expect(seen[2]?.payload).toMatchObject({ chat: { id: newId, title: 'hello' } });
    expect(seen[3]?.payload).toEqual({ message_id: message.id, chat_id: newId });
    expect(told.at(-1)?.payload).toEqual({ chat_id: newId });
  });
});
