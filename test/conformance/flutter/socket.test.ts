import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { openWs, type WsClient } from '../../support/ws-client.ts';
import { createClient, time, type User, uuid } from './client.ts';

const url = inject('sharedUrl');
const client = createClient(url);
let user: User;
let token: string;
beforeAll(async () => {
  user = await client.newUser();
  ({ token } = user);
});

const opened: WsClient[] = [];
async function open(of = token): Promise<WsClient> {
  const device = await openWs(url, of);
  opened.push(device);
  return device;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((device) => device.close()));
});

/** Another login of the user. */
const signInAgain = async () => (await client.signIn(user)).body['access_token'] as string;

describe('the handshake', () => {
  it.each(['', 'x', 'a.b.c'])('wire "an invalid token refuses the handshake with 403": %j', async (bad) => {
    await expect(openWs(url, bad)).rejects.toMatchObject({ status: 403 });
  });

  it('a token that was signed out is refused, and one of no place in the address', async () => {
    const other = await client.newUser();
    const { token: histories } = (
      await client.call('POST /api/auth/login', {
        body: { username: other.username, password: other.password },
      })
    ).body;
    await client.call('POST /api/auth/logout', { token: String(histories) });
    await expect(openWs(url, String(histories))).rejects.toMatchObject({ status: 403 });
    await expect(openWs(url, '', { authorization: `Bearer ${token}` })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('a page of another site is refused; one on any port of this machine is not', async () => {
    await expect(openWs(url, token, { origin: 'https://evil.example' })).rejects.toMatchObject({
      status: 403,
    });
    const near = await openWs(url, token, { origin: 'http://localhost:54321' });
    await near.close();
  });
});

describe('message', () => {
  it('wire: the user’s and the AI’s, with exactly these keys, and the AI types in between', async () => {
    const device = await open();
    const chat = await client.newChat(token);
    const media_urls = ['https://example.com/one.png'];
    const sent = await client.call(`POST /chats/${chat}/messages/`, {
      token,
      body: { content: 'Hello', type: 'image', media_urls },
    });
    const mine = await device.next('message');
    expect(mine.data).toEqual({
      id: sent.body['id'],
      chat_id: chat,
      content: 'Hello',
      type: 'image',
      sender: 'user',
      timestamp: sent.body['timestamp'],
      status: 'sent',
      media_urls,
    });
    const answer = await device.next('message');
    const [, stored] = await client.messages(token, chat);
    expect(keysOf(answer.data)).toEqual(keysOf(mine.data));
    expect(answer.data).toMatchObject({
      id: stored?.id,
      chat_id: chat,
      content: stored?.content,
      sender: 'ai',
    });
    expect(answer.data['id']).toMatch(uuid);
    expect(answer.data['timestamp']).toMatch(time);

    const told = device.frames.filter(({ type }) => type === 'message' || type === 'typing');
    expect(told.map(({ type, data }) => [type, data['sender'], data['is_typing']])).toEqual([
      ['message', 'user', undefined],
      ['typing', 'ai', true],
      ['typing', 'ai', false],
      ['message', 'ai', undefined],
    ]);
    expect(told[1]).toEqual({ type: 'typing', data: { chat_id: chat, sender: 'ai', is_typing: true } });
  });

  it.each([
    [
      'histories',
      async (text: string) => {
        const { body } = await client.call('POST /api/chat/create', { token, body: {} });
        await client.call(`POST /api/messages/${String(body['id'])}/send`, { token, body: { text } });
      },
    ],
    [
      '/api/v1',
      async (text: string) => {
        const { body } = await client.call('POST /api/v1/chats', { token, body: {} });
        await client.call(`POST /api/v1/chats/${String(body['id'])}/messages`, { token, body: { text } });
      },
    ],
  ])('wire "from whatever device or dialect it came": %s', async (_name, send) => {
    const device = await open();
    const text = `from elsewhere ${randomUUID()}`;
    await send(text);
    expect((await device.next('message')).data).toMatchObject({ content: text, sender: 'user' });
    expect((await device.next('message')).data).toMatchObject({ sender: 'ai' });
  });

  it('of another user never comes', async () => {
    const stranger = await client.newUser();
    const device = await open(stranger.token);
    const chat = await client.newChat(token);
    const { content } = await client.send(token, chat, `secret ${randomUUID()}`);
    const own = await client.newChat(stranger.token);
    await client.send(stranger.token, own, 'mine');
    expect((await device.next('message')).data).toMatchObject({ chat_id: own });
    await device.next('message');
    expect(JSON.stringify(device.frames)).not.toContain(content);
    expect(JSON.stringify(device.frames)).not.toContain(chat);
  });
});

describe('read', () => {
  it('wire "`sent` → `delivered` → `read`", told to every device', async () => {
    const chat = await client.newChat(token);
    const alone = await client.send(token, chat, 'nobody listens');
    expect((await client.messages(token, chat))[0]?.status).toBe('sent');

    const [one, other] = [await open(), await open(await signInAgain())];
    const { id } = await client.send(token, chat, 'somebody listens');
    await one.next(({ type, data }) => type === 'message' && data['id'] === id);
    const delivered = await one.next(({ type, data }) => type === 'message_updated' && data['id'] === id);
    expect(delivered.data['status']).toBe('delivered');
    const statuses = async () => (await client.messages(token, chat)).map(({ status }) => status);
    expect((await statuses()).slice(0, 3)).toEqual(['sent', 'sent', 'delivered']);

    const expected = { type: 'read', data: { message_id: id, chat_id: chat, status: 'read' } };
    one.say('read', { message_id: id });
    expect(await other.next('read')).toEqual(expected);
    expect(await one.next('read')).toEqual(expected);
    expect((await statuses())[2]).toBe('read');
    one.say('read', { message_id: alone.id });
    expect((await other.next('read')).data['message_id']).toBe(alone.id);
    expect((await statuses())[0]).toBe('read');
  });

  it('wire "A foreign or unknown id gets error"', async () => {
    const stranger = await client.newUser();
    const chat = await client.newChat(stranger.token);
    const { id } = await client.send(stranger.token, chat, 'private');
    const device = await open();
    for (const message_id of [id, randomUUID(), 'x', '1']) {
      device.say('read', { message_id });
      expect(await device.next('error')).toEqual({ type: 'error', data: { message: 'Message not found' } });
    }
    expect((await client.messages(stranger.token, chat))[0]?.status).toBe('sent');
  });
});

describe('typing', () => {
  it('wire "reaches the user’s other devices", of this login and others, and not the one that types', async () => {
    const chat = await client.newChat(token);
    const devices = [await open(), await open(), await open(await signInAgain())];
    const [typist, ...others] = devices;
    for (const is_typing of [true, false]) {
      typist?.say('typing', { chat_id: chat, is_typing });
      for (const device of others) {
        expect(await device.next('typing')).toEqual({
          type: 'typing',
          data: { chat_id: chat, sender: 'user', is_typing },
        });
      }
    }
    others[0]?.say('typing', { chat_id: chat, is_typing: true });
    await typist?.next('typing');
    await others[1]?.next('typing');
    expect(devices.map(({ frames }) => frames.length)).toEqual([1, 2, 3]);
  });

  it('about a foreign or unknown chat is answered with an error, and told to nobody', async () => {
    const stranger = await client.newUser();
    const chat = await client.newChat(stranger.token);
    const [device, theirs] = [await open(), await open(stranger.token)];
    device.say('typing', { chat_id: chat, is_typing: true });
    expect((await device.next('error')).data).toEqual({ message: 'Not authorized to access this chat' });
    device.say('typing', { chat_id: randomUUID(), is_typing: true });
    expect((await device.next('error')).data).toEqual({ message: 'Chat not found' });
    await client.call(`PUT /chats/${chat}`, { token: stranger.token, body: { title: 'new' } });
    await theirs.next('chat_updated');
    expect(theirs.frames).toHaveLength(1);
  });
});

describe('error', () => {
  it.each([
    ['no JSON', 'nonsense'],
    ['half of one', '{"type":"read"'],
    ['nothing', ''],
    ['a number', '5'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an unknown type', '{"type":"message","data":{"content":"x"}}'],
    ['no data', '{"type":"read"}'],
    ['an id that is none', '{"type":"read","data":{"message_id":{"a":1}}}'],
    ['typing that is no truth value', '{"type":"typing","data":{"chat_id":"x","is_typing":"yes"}}'],
    ['a forbidden key', '{"type":"read","__proto__":{},"data":{"message_id":"x"}}'],
    ['nesting without end', '['.repeat(60_000)],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('wire "anything else": %s', async (_name, said) => {
    const device = await open();
    device.socket.send(said);
    const { data } = await device.next('error');
    expect(data).toEqual({ message: expect.stringMatching(/^\w.+\w$/) as string });
    // It goes on as if nothing was.
    device.say('read', { message_id: randomUUID() });
    expect((await device.next('error')).data).toEqual({ message: 'Message not found' });
  });
});
