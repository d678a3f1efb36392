import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openWs, type WsClient } from '../../support/ws-client.ts';
import { keysOf } from '../call.ts';
import { createClient, type User } from './client.ts';

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

describe('wire "Changes made elsewhere"', () => {
  it('message_updated: a message that was edited, with the keys of a new one', async () => {
    const chat = await client.newChat(token);
    const { id } = await client.send(token, chat, 'before');
    const device = await open();
    await client.call(`PATCH /api/v1/messages/${id}`, { token, body: { text: 'after' } });
    const { data } = await device.next('message_updated');
    expect(keysOf(data)).toEqual([
      'chat_id',
      'content',
      'id',
      'media_urls',
      'sender',
      'status',
      'timestamp',
      'type',
    ]);
    expect(data).toMatchObject({ id, chat_id: chat, content: 'after' });
  });

  it('message_deleted carries its ids', async () => {
    const chat = await client.newChat(token);
    const { id } = await client.send(token, chat, 'not for long');
    const device = await open();
    await client.call(`DELETE /api/v1/messages/${id}`, { token });
    expect((await device.next('message_deleted')).data).toEqual({ id, message_id: id, chat_id: chat });
  });

  it('chat_updated: renamed, pinned, or emptied through another dialect', async () => {
    const device = await open();
    const { body } = await client.call('POST /api/chat/create', { token, body: { title: 'one' } });
    const number = String(body['id']);
    await client.call(`POST /api/messages/${number}/send`, { token, body: { text: 'hello' } });
    const chats = (await client.call('GET /chats/', { token })).body as unknown as Record<string, unknown>[];
    const chat = String(chats.find(({ title }) => title === 'one')?.['id']);
    await client.call(`PUT /chats/${chat}`, { token, body: { title: 'two', is_pinned: true } });
    const updated = (await device.next('chat_updated')).data;
    expect(updated).toEqual((await client.call(`GET /chats/${chat}`, { token })).body);
    expect(updated).toMatchObject({ id: chat, title: 'two', is_pinned: true });
    await client.call(`POST /api/chat/${number}/clear`, { token });
    expect((await device.next('chat_updated')).data).toMatchObject({ id: chat, last_message_content: '' });
  });

  it('chat_updated: another branch of it is shown', async () => {
    const before = await open();
    const chat = await client.newChat(token);
    const { id } = await client.send(token, chat, 'hello');
    for (let sender: unknown; sender !== 'ai';) sender = (await before.next('message')).data['sender'];
    const device = await open();
    await client.call(`POST /api/v1/messages/${id}/branches`, { token, body: { text: 'good morning' } });
    expect((await device.next('chat_updated')).data).toMatchObject({ id: chat });
    expect((await device.next('message')).data).toMatchObject({ chat_id: chat, content: 'good morning' });
    const listed = await client.call(`GET /chats/${chat}/messages/`, { token });
    expect(JSON.stringify(listed.body)).not.toContain('"hello"');
  });

  it('chat_deleted carries its id', async () => {
    const chat = await client.newChat(token);
    const device = await open();
    await client.call(`DELETE /chats/${chat}`, { token });
    expect((await device.next('chat_deleted')).data).toEqual({ id: chat, chat_id: chat });
  });
});

describe('limits', () => {
  it('a frame of 64 KiB is read, one of a byte more closes the connection with 1009', async () => {
    const device = await open();
    device.socket.send('x'.repeat(64 * 1024));
    await device.next('error');
    device.socket.send('x'.repeat(64 * 1024 + 1));
    expect(await device.closed).toBe(1009);
  });

  it('a client that never stops talking is closed, and nobody else suffers', async () => {
    const [hasty, calm] = [await open(), await open()];
    for (let count = 0; count < 1_000; count += 1) hasty.say('read', { message_id: 'x' });
    expect(await hasty.closed).toBe(1008);
    calm.say('read', { message_id: 'x' });
    await calm.next('error');
  });

  it('a user has at most fifty connections; one more is refused with 429', async () => {
    const busy = await client.newUser();
    const many = await Promise.all(Array.from({ length: 50 }, () => open(busy.token)));
    await expect(openWs(url, busy.token)).rejects.toMatchObject({ status: 429 });
    await many[0]?.close();
    await expect.poll(() => openWs(url, busy.token).then((device) => device.close())).toBeUndefined();
  });
});
