import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { Client, dataOf, newUser, type Page, type Sent, type ShownMessage, textOf } from './client.ts';
import { playAi } from './played-ai.ts';

const ai = playAi();
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer(ai);
  ({ client } = await newUser(server.url));
});
afterAll(() => server.close());

/** Sends, has the AI answer, and waits for the end. */
async function exchange(chat: string, text: string, answer: string): Promise<Sent> {
  const sent = await client.send(chat, text);
  const played = await ai.asked();
  played.say(answer);
  played.finish();
  await (await client.stream(`/replies/${sent.reply.id}/events`)).until('reply-end');
  return sent;
}

describe('send', () => {
  test('is answered at once, and the reply is written whether or not anybody follows', async () => {
    const chat = await client.chat();
    const sent = await client.post<Sent>(`/chats/${chat}/messages`, {
      text: 'Where does algebra come from?',
    });
    expect(sent.status).toBe(202);
    expect(sent.headers.get('location')).toBe(`/api/v1/replies/${sent.body.reply.id}`);
    expect(sent.body).toMatchObject({
      message: { role: 'user', state: 'complete', text: 'Where does algebra come from?', chat_id: chat },
      reply: { state: 'writing', events_url: `/api/v1/replies/${sent.body.reply.id}/events` },
    });

    const played = await ai.asked();
    expect(played.prompt.turns.at(-1)).toMatchObject({ role: 'user', text: 'Where does algebra come from?' });
    played.say('From Arabic.');
    played.finish();
    await (await client.stream(`/replies/${sent.body.reply.id}/events`)).until('reply-end');

    const { body } = await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`);
    expect(body.items.map(({ role, state, text }) => ({ role, state, text }))).toEqual([
      { role: 'user', state: 'complete', text: 'Where does algebra come from?' },
      { role: 'assistant', state: 'complete', text: 'From Arabic.' },
    ]);
    expect((await client.get(`/chats/${chat}`)).body).toMatchObject({
      title: 'Where does algebra come from?',
      message_count: 2,
      last_message_text: 'From Arabic.',
    });
  });

  test('with Accept: text/event-stream it streams: the message, the text, the end', async () => {
    const chat = await client.chat();
    const stream = await client.stream(`/chats/${chat}/messages`, { body: { text: 'hello' } });
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'message', id: '0' });
    expect(dataOf(first)).toMatchObject({ message: { text: 'hello' }, reply: { state: 'writing' } });

    const played = await ai.asked();
    played.say('Hi 👋');
    expect(dataOf(await stream.next())).toEqual({ start: 0, text: 'Hi 👋' });
    played.say(' there');
    played.finish();
    const [delta, end] = await stream.rest();
    expect(delta).toMatchObject({ event: 'text-delta', id: '11' });
    expect(end).toMatchObject({ event: 'reply-end', id: 'end' });
    expect(dataOf(end)).toMatchObject({
      reply: { state: 'complete', model: 'played-1', prompt_tokens: 3, completion_tokens: 5 },
      message: { text: 'Hi 👋 there', state: 'complete', role: 'assistant' },
    });
  });

  test('the reply outlives the reader that asked for it', async () => {
    const chat = await client.chat();
    const stream = await client.stream(`/chats/${chat}/messages`, { body: { text: 'hello' } });
    const { reply } = dataOf<Sent>(await stream.next());
    const played = await ai.asked();
    played.say('before ');
    await stream.next();
    stream.leave();
    played.say('after');
    played.finish();

    const rest = await (await client.stream(`/replies/${reply.id}/events`, { lastEventId: '7' })).rest();
    expect(textOf(rest, 7)).toBe('after');
  });

  test.each([
    ['nothing', { text: '' }, 'text-empty'],
    ['no text', {}, 'fields-missing'],
    ['too much', { text: 'x'.repeat(100_001) }, 'text-too-long'],
    ['a NUL', { text: 'a\0b' }, 'text-not-unicode'],
    ['half a surrogate pair', { text: '\ud83d' }, 'text-not-unicode'],
    ['a field that does not exist', { text: 'x', colour: 'red' }, 'field-invalid'],
    ['a bad client_message_id', { text: 'x', client_message_id: 'two words' }, 'idempotency-key-invalid'],
  ])('%s is refused, before a stream begins too', async (_what, body, code) => {
    const path = `/chats/${await client.chat()}/messages`;
    expect((await client.post(path, body)).body).toMatchObject({ status: 400, code });
    const streamed = await client.with({ accept: 'text/event-stream' }).post(path, body);
    expect(streamed.body).toMatchObject({ status: 400, code });
    expect((await client.get<Page<ShownMessage>>(path)).body.items).toEqual([]);
  });
});

describe('the same send again', () => {
  test.each([
    ['Idempotency-Key', (key: string) => ({ headers: { 'idempotency-key': key }, extra: {} })],
    ['client_message_id', (key: string) => ({ headers: {}, extra: { client_message_id: key } })],
  ])('gives one message and one reply, by %s', async (name, by) => {
    const path = `/chats/${await client.chat()}/messages`;
    const { headers, extra } = by(`key-of-${name}`);
    const caller = client.with(headers);
    const many = await Promise.all(
      Array.from({ length: 8 }, () => caller.post<Sent>(path, { text: 'once', ...extra })),
    );
    // One that comes while the first is being answered is told so, and may ask again.
    const answered = many.filter(({ status }) => status === 202);
    expect(many.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(new Set(answered.map(({ body }) => `${body.message.id} ${body.reply.id}`)).size).toBe(1);
    const again = await caller.post<Sent>(path, { text: 'once', ...extra });
    expect(again.body.message).toEqual(answered[0]?.body.message);
    expect(again.headers.get('idempotency-replayed')).toBe('true');

    const other = await caller.post(path, { text: 'twice', ...extra });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });

    const stream = await caller.stream(path, { body: { text: 'once', ...extra } });
    expect(dataOf<Sent>(await stream.next()).reply.id).toBe(again.body.reply.id);
    const played = await ai.asked();
    played.say('one answer');
    played.finish();
    expect(textOf(await stream.rest())).toBe('one answer');
    const { items } = (await client.get<Page<ShownMessage>>(path)).body;
    expect(items.map(({ text }) => text)).toEqual(['once', 'one answer']);
  });
});

describe('the messages of a chat', () => {
  test('are read from the end back, and from a place on', async () => {
    const chat = await client.chat();
    for (let n = 1; n <= 4; n += 1) await exchange(chat, `question ${n}`, `answer ${n}`);
    const all = [1, 2, 3, 4].flatMap((n) => [`question ${n}`, `answer ${n}`]);
    const page = async (query: string) => {
      const { body } = await client.get<Page<ShownMessage>>(`/chats/${chat}/messages?limit=3${query}`);
      return { ...body, texts: body.items.map(({ text }) => text) };
    };

    const last = await page('');
    expect(last.texts).toEqual(all.slice(5));
    const before = await page(`&cursor=${last.older_cursor}`);
    expect(before.texts).toEqual(all.slice(2, 5));
    const first = await page(`&cursor=${before.older_cursor}`);
    expect(first.texts).toEqual(all.slice(0, 2));
    expect(first.older_cursor).toBeNull();

    expect((await page(`&cursor=${first.newer_cursor}`)).texts).toEqual(all.slice(2, 5));
    const end = await page(`&cursor=${last.newer_cursor}`);
    expect(end.texts).toEqual([]);
    await exchange(chat, 'question 5', 'answer 5');
    expect((await page(`&cursor=${end.newer_cursor}`)).texts).toEqual(['question 5', 'answer 5']);
    expect((await page(`&cursor=${end.older_cursor}`)).texts).toEqual(all.slice(5));
  });

  test('of an empty chat can be polled from its beginning', async () => {
    const chat = await client.chat();
    const { body } = await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`);
    expect(body).toMatchObject({ items: [], older_cursor: null });
    await exchange(chat, 'first', 'answer');
    const next = await client.get<Page<ShownMessage>>(`/chats/${chat}/messages?cursor=${body.newer_cursor}`);
    expect(next.body.items.map(({ text }) => text)).toEqual(['first', 'answer']);
  });

  test.each([1, 2, 100])(
    'come all, and as they ended, to who polls by %i while answers are open',
    async (limit) => {
      const chat = await client.chat();
      const start = (await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`)).body;
      const sent: Sent[] = [];
      for (const text of ['question 1', 'question 2', 'question 3']) sent.push(await client.send(chat, text));
      const first = await ai.asked();
      first.say('begun');
      const read = new Map<string, string>();
      const poll = async (cursor: string): Promise<string> => {
        const path = `/chats/${chat}/messages?limit=${limit}${cursor && `&cursor=${cursor}`}`;
        const { body } = await client.get<Page<ShownMessage>>(path);
        for (const { id, text } of body.items) read.set(id, text);
        return body.items.length < limit ? body.newer_cursor : poll(body.newer_cursor);
      };
      const cursors = [await poll(start.newer_cursor), await poll('')];
      first.say(' and ended');
      first.finish();
      for (const text of ['answer 2', 'answer 3']) {
        const answer = await ai.asked();
        answer.say(text);
        answer.finish();
      }
      const { reply } = sent[2] as Sent;
      await (await client.stream(`/replies/${reply.id}/events`)).until('reply-end');
      for (const cursor of cursors) {
        read.clear();
        const end = await poll(cursor);
        const all = ['begun and ended', 'question 2', 'answer 2', 'question 3', 'answer 3'];
        expect([...read.values()]).toEqual(all);
        read.clear();
        await poll(end);
        expect([...read.values()]).toEqual([]);
      }
    },
  );

  test('can be cleared', async () => {
    const chat = await client.chat();
    await exchange(chat, 'first', 'answer');
    expect((await client.post(`/chats/${chat}/clear`)).body).toMatchObject({ id: chat, message_count: 0 });
    expect((await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`)).body.items).toEqual([]);
  });
});

describe('one message', () => {
  test('is read, changed under If-Match, and removed', async () => {
    const chat = await client.chat();
    const { message } = await exchange(chat, 'frist', 'answer');
    const path = `/messages/${message.id}`;
    const read = await client.get<ShownMessage>(path);
    expect(read.body).toEqual(message);
    const etag = read.headers.get('etag') ?? '';

    const changed = await client.with({ 'if-match': etag }).patch<ShownMessage>(path, { text: 'first' });
    expect(changed.body).toMatchObject({ text: 'first', id: message.id });
    expect((await client.with({ 'if-match': etag }).patch(path, { text: 'lost' })).status).toBe(412);
    expect((await client.get(path)).body).toMatchObject({ text: 'first' });

    expect((await client.delete(path)).status).toBe(204);
    expect((await client.get(path)).body).toMatchObject({ code: 'message-not-found' });
    const { items } = (await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`)).body;
    expect(items.map(({ text }) => text)).toEqual(['answer']);
  });

  test("another user's is not found", async () => {
    const { client: stranger } = await newUser(server.url);
    const { message } = await exchange(await client.chat(), 'mine', 'answer');
    const path = `/messages/${message.id}`;
    for (const answer of [
      await stranger.get(path),
      await stranger.patch(path, { text: 'yours' }),
      await stranger.delete(path),
      await stranger.get(`${path}/reply`),
    ]) {
      expect(answer.body).toMatchObject({ status: 404, code: 'message-not-found' });
    }
  });
});

describe('what goes along with a message', () => {
  test('is kept: its type, media, and what it replies to', async () => {
    const chat = await client.chat();
    const { message } = await exchange(chat, 'first', 'answer');
    const extra = { type: 'audio', media_urls: ['https://example.org/a.ogg'], reply_to_id: message.id };
    const sent = await client.post<Sent>(`/chats/${chat}/messages`, { text: 'listen', ...extra });
    expect(sent.body.message).toMatchObject({ ...extra, delivery: 'sent' });
    expect((await client.get(`/messages/${sent.body.message.id}`)).body).toEqual(sent.body.message);
    (await ai.asked()).finish();
  });

  test.each([
    [{ type: 'Two Words' }, 'type'],
    [{ media_urls: 'https://example.org' }, 'media_urls'],
    [{ reply_to_id: 'first' }, 'reply_to_id'],
  ])('%j is refused, by its name', async (extra, field) => {
    const { status, body } = await client.post(`/chats/${await client.chat()}/messages`, {
      text: 'x',
      ...extra,
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'field-invalid', errors: [{ field }] });
  });

  test('its delivery goes forward, never back', async () => {
    const { message } = await exchange(await client.chat(), 'first', 'answer');
    const deliver = (delivery: string) => client.post(`/messages/${message.id}/delivery`, { delivery });
    expect((await deliver('read')).body).toMatchObject({ id: message.id, delivery: 'read' });
    expect((await deliver('delivered')).body).toMatchObject({ delivery: 'read' });
    expect((await deliver('sent')).status).toBe(400);
  });
});

test('the models of the AI', async () => {
  expect((await client.get('/models')).body).toEqual({
    default: 'played',
    items: [{ id: 'played', provider: 'played', model: 'played-1', sees_images: true }],
  });
  expect((await new Client(server.url).get('/models')).status).toBe(401);
});
