import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, dataOf, newUser } from './client.ts';
import { playAi } from './played-ai.ts';

const ai = playAi();
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer(ai);
});
afterAll(() => server.close());

/** A chat with one exchange, on the way of which every reader gets the same events. */
async function exchange(user: Client): Promise<{ chat: string; reply: string }> {
  const chat = await user.chat();
  const sent = await user.send(chat, 'hello');
  const answer = await ai.asked();
  answer.say('Hi');
  answer.finish();
  await (await user.stream(`/replies/${sent.reply.id}/events`)).until('reply-end');
  return { chat, reply: sent.reply.id };
}

describe('the feed', () => {
  test('brings every change in order, and text beside it, to every reader', async () => {
    ({ client } = await newUser(server.url));
    const readers = [await client.stream('/events'), await client.stream('/events')];
    const { chat, reply } = await exchange(client);
    await client.patch(`/chats/${chat}`, { title: 'Greetings' });
    await client.delete(`/chats/${chat}`);

    for (const reader of readers) {
      const seen = await reader.until('chat-deleted');
      expect(seen.find(({ event }) => event === 'chat-created')).toMatchObject({ id: '1' });
      const positions = seen.filter(({ id }) => id !== undefined).map(({ id }) => Number(id));
      expect(positions).toEqual(positions.map((_, index) => index + 1));
      const names = seen.map(({ event }) => event);
      expect(names).toEqual(expect.arrayContaining(['message-created', 'chat-updated', 'reply-start']));
      expect(names.indexOf('reply-start')).toBeLessThan(names.indexOf('text-delta'));
      expect(names.indexOf('text-delta')).toBeLessThan(names.indexOf('reply-end'));
      const delta = seen.find(({ event }) => event === 'text-delta');
      expect(delta?.id).toBeUndefined();
      expect(dataOf(delta)).toEqual({ reply_id: reply, chat_id: chat, start: 0, text: 'Hi' });
      expect(dataOf(seen.find(({ event }) => event === 'reply-end'))).toMatchObject({
        reply: { id: reply, state: 'complete' },
        message: { text: 'Hi', state: 'complete', role: 'assistant' },
      });
      expect(dataOf(seen.at(-1))).toEqual({ chat_id: chat });
      reader.leave();
    }
  });

  test('goes on where a reader left off, for whatever it missed', async () => {
    const { client: user } = await newUser(server.url);
    const first = await user.stream('/events');
    const chat = await user.chat();
    const seen = await first.next();
    first.leave();
    await user.patch(`/chats/${chat}`, { title: 'one' });
    await user.patch(`/chats/${chat}`, { title: 'two' });

    const back = await user.stream('/events', { lastEventId: seen?.id ?? '' });
    const [one, two] = [await back.next(), await back.next()];
    expect([one?.id, two?.id]).toEqual(['2', '3']);
    expect(dataOf(two)).toMatchObject({ chat: { title: 'two' } });
    back.leave();
    const query = await user.stream('/events?after=2');
    expect(await query.next()).toMatchObject({ id: '3' });
    query.leave();
  });

  test('names its place before anything happens, so that a reader that saw nothing misses nothing', async () => {
    const { client: user } = await newUser(server.url);
    const chat = await user.chat();
    const response = await fetch(`${server.url}/api/v1/events`, { headers: user.headers });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('retry: 1000\n\nid: 1\n\n');
    await reader?.cancel();
    await user.patch(`/chats/${chat}`, { title: 'missed' });
    const back = await user.stream('/events', { lastEventId: '1' });
    expect(dataOf(await back.next())).toMatchObject({ chat: { title: 'missed' } });
    back.leave();
  });

  test("is one user's own", async () => {
    const [{ client: user }, { client: other }] = [await newUser(server.url), await newUser(server.url)];
    const reader = await user.stream('/events');
    await exchange(other);
    const chat = await user.chat();
    expect(dataOf(await reader.next())).toMatchObject({ chat: { id: chat } });
    reader.leave();
  });

  test('shows who comes in the middle of a reply the text so far', async () => {
    const { client: user } = await newUser(server.url);
    const { reply } = await user.send(await user.chat(), 'hello');
    const answer = await ai.asked();
    answer.say('so far');
    await (await user.stream(`/replies/${reply.id}/events`)).until('text-delta');
    const reader = await user.stream('/events');
    expect(dataOf(await reader.next())).toMatchObject({ reply_id: reply.id, start: 0, text: 'so far' });
    answer.say(', and on');
    expect(dataOf(await reader.next())).toMatchObject({ start: 6, text: ', and on' });
    answer.finish();
    await reader.until('reply-end');
    reader.leave();
  });

  test('tells that somebody types, and what was read, to the other devices', async () => {
    const { client: user } = await newUser(server.url);
    const { chat } = await exchange(user);
    const items = await user.get<{ items: { id: string }[] }>(`/chats/${chat}/messages`);
    const reader = await user.stream('/events');
    expect((await user.post(`/chats/${chat}/typing`, { is_typing: true })).status).toBe(204);
    const typing = await reader.next();
    expect(typing).toMatchObject({ event: 'typing' });
    expect(typing?.id).toBeUndefined();
    expect(dataOf(typing)).toEqual({ chat_id: chat, is_typing: true });
    await user.post(`/messages/${items.body.items[0]?.id}/delivery`, { delivery: 'read' });
    const [delivered] = await reader.until('message-delivered');
    expect(dataOf(delivered)).toMatchObject({ message: { delivery: 'read' } });
    reader.leave();
  });

  test.each(['2', 'end', '-1', 'x'])('the position %s is refused', async (position) => {
    const { client: user } = await newUser(server.url);
    await user.chat();
    const { status, body } = await user.with({ 'last-event-id': position }).get('/events');
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'position-invalid' });
  });

  test('one reader too many is refused, and a message is not left behind', async () => {
    const { client: user } = await newUser(server.url);
    const chat = await user.chat();
    const open = await Promise.all(Array.from({ length: 50 }, () => user.stream('/events')));
    const refused = await user.get('/events');
    expect(refused.body).toMatchObject({ status: 429, code: 'too-many-readers' });
    expect(refused.headers.get('retry-after')).toBe('1');
    const sent = await user
      .with({ accept: 'text/event-stream' })
      .post(`/chats/${chat}/messages`, { text: 'hi' });
    expect(sent.status).toBe(429);
    expect((await user.get(`/chats/${chat}/messages`)).body).toMatchObject({ items: [] });
    for (const stream of open) stream.leave();
  });
});

test('a server that stops sends its readers away with a hint, and takes no new ones', async () => {
  const own = playAi();
  const stopping = await startApiServer(own);
  const { client: user } = await newUser(stopping.url);
  const response = await fetch(`${stopping.url}/api/v1/events`, { headers: user.headers });
  stopping.streams.close();
  expect(await response.text()).toMatch(/retry: 1000\n\n$/);
  expect((await user.get('/events')).body).toMatchObject({ status: 503, code: 'server-stopping' });
  await stopping.close();
});
