import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { chatKeys, createClient, forbidden, problemsOf, time, uuid } from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
});

type Chat = Record<string, unknown> & { id: string; last_message_time: string };

describe('GET /chats/', () => {
  it('README "List all chats for current user"; wire: newest `last_message_time` first', async () => {
    const user = await client.newUser();
    expect((await client.call('GET /chats/', { token: user.token })).text).toBe('[]');
    const first = await client.newChat(user.token, 'first');
    const second = await client.newChat(user.token, 'second');
    await client.send(user.token, first, 'hello');
    // Renaming is no message.
    await client.call(`PUT /chats/${second}`, { token: user.token, body: { title: 'renamed' } });
    const answer = await client.call('GET /chats/', { token: user.token });
    const chats = answer.body as unknown as Chat[];
    expect(answer.status).toBe(200);
    expect(chats.map(({ id, title }) => [id, title])).toEqual([
      [first, 'first'],
      [second, 'renamed'],
    ]);
    for (const chat of chats) expect(keysOf(chat)).toEqual(chatKeys);
    const messages = await client.messages(user.token, first);
    expect(chats[0]?.['last_message_content']).toBe(messages.at(-1)?.content);
    expect(answer.text).not.toMatch(forbidden);
  });

  it('has all chats, however many, in order', async () => {
    const user = await client.newUser();
    const titles = Array.from({ length: 105 }, (_none, at) => `chat ${at}`);
    const made = await Promise.all(titles.map((title) => client.newChat(user.token, title)));
    const chats = (await client.call('GET /chats', { token: user.token })).body as unknown as Chat[];
    expect(chats.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    const times = chats.map((chat) => chat.last_message_time);
    expect(times).toEqual(times.toSorted().toReversed());
  });
});

describe('POST /chats/', () => {
  it('README "Create a new chat"; wire "on create"', async () => {
    const answer = await client.call('POST /chats/', { token, body: { title: 'My plans' } });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, chatKeys]);
    const { id, created_at } = answer.body;
    expect(id).toMatch(uuid);
    expect(created_at).toMatch(time);
    expect(answer.body).toEqual({
      id,
      title: 'My plans',
      created_at,
      last_message_time: created_at,
      last_message_content: '',
      is_pinned: false,
    });
  });

  it('wire "422 body", word for word', async () => {
    const answer = await client.call('POST /chats/', { token, body: { name: 'x', password: 'p', data: 1 } });
    expect([answer.status, answer.body]).toEqual([
      422,
      { detail: [{ type: 'missing', loc: ['body', 'title'], msg: 'Field required', input: { name: 'x' } }] },
    ]);
  });

  it.each([
    [7, 'string_type', 7],
    [null, 'string_type', null],
    [{ data: 'x' }, 'string_type', {}],
    ['x'.repeat(256), 'value_error', 'x'.repeat(256)],
    ['a\u0000b', 'value_error', 'a\u0000b'],
  ])('the title %j is 422', async (title, type, input) => {
    const answer = await client.call('POST /chats/', { token, body: { title } });
    expect(answer.status).toBe(422);
    expect(problemsOf(answer)).toMatchObject([{ type, loc: ['body', 'title'], input }]);
  });
});

describe('GET /chats/:chat_id', () => {
  it('README "Get chat details"', async () => {
    const created = await client.call('POST /chats/', { token, body: { title: 'details' } });
    const answer = await client.call(`GET /chats/${String(created.body['id'])}`, { token });
    expect([answer.status, answer.body]).toEqual([200, created.body]);
  });

  it('wire "last_message_time", "last_message_content": of the newest message', async () => {
    const id = await client.newChat(token);
    await client.send(token, id, 'Hello there');
    const { body } = await client.call(`GET /chats/${id}`, { token });
    const messages = await client.messages(token, id);
    expect(messages).toHaveLength(2);
    expect(body['last_message_content']).toBe(messages[1]?.content);
    expect(body['last_message_time']).toMatch(time);
    expect(String(body['last_message_time']) >= String(messages[0]?.['timestamp'])).toBe(true);
  });

  it('wire "last_message_content": a long message whole, unless it is very long', async () => {
    const id = await client.newChat(token);
    const short = 'x'.repeat(199);
    const contents = [short, '\u{1F680}'.repeat(150), '\u{1F680}'.repeat(3_000), 'y'.repeat(5_000)];
    const shown = [];
    for (const content of contents) {
      // Its answer would be newer.
      const sent = await client.call(`POST /chats/${id}/messages/`, { token, body: { content } });
      await client.call(`DELETE /api/v1/messages/${(await client.messages(token, id)).at(-1)?.id ?? ''}`, {
        token,
      });
      expect(sent.status).toBe(200);
      shown.push((await client.call(`GET /chats/${id}`, { token })).body['last_message_content']);
    }
    expect(shown).toEqual([...contents.slice(0, 3), 'y'.repeat(4_000)]);
    const list = (await client.call('GET /chats/', { token })).body as unknown as Chat[];
    expect(list.find((chat) => chat.id === id)?.['last_message_content']).toBe('y'.repeat(4_000));
  });

  it.each(['1', '01', 'x', '%31', '１', '1%00', '-1', '..%2fusers%2fme', '0190'.repeat(9)])(
    'wire "Missing 404": the id %s names nothing',
    async (id) => {
      const answer = await client.call(`GET /chats/${id}`, { token });
      expect([answer.status, answer.body]).toEqual([404, { detail: 'Chat not found' }]);
    },
  );

  it('knows an id in its one spelling only', async () => {
    const id = await client.newChat(token);
    expect((await client.call(`GET /chats/${id.toUpperCase()}`, { token })).status).toBe(404);
    expect((await client.call(`GET /chats/${id.replaceAll('-', '')}`, { token })).status).toBe(404);
  });
});

describe('PUT /chats/:chat_id', () => {
  it('wire "`PUT /chats/{id}` to rename or pin", both or one', async () => {
    const id = await client.newChat(token, 'old');
    const put = (body: unknown) => client.call(`PUT /chats/${id}`, { token, body });
    const renamed = await put({ title: 'new' });
    expect([renamed.status, keysOf(renamed.body)]).toEqual([200, chatKeys]);
    expect(renamed.body).toMatchObject({ id, title: 'new', is_pinned: false });
    expect((await put({ is_pinned: true, title: null })).body).toMatchObject({
      title: 'new',
      is_pinned: true,
    });
    expect((await put({ title: 'both', is_pinned: false })).body).toMatchObject({
      title: 'both',
      is_pinned: false,
    });
    expect((await put({})).body).toMatchObject({ title: 'both', is_pinned: false });
    expect((await client.call(`GET /chats/${id}`, { token })).body).toMatchObject({ title: 'both' });
  });

  it.each([
    [{ title: 7 }, 'string_type', 'title'],
    [{ is_pinned: 'maybe' }, 'bool_type', 'is_pinned'],
    [{ title: ' ' }, 'value_error', 'title'],
  ])('%j is 422, once', async (body, type, field) => {
    const answer = await client.call(`PUT /chats/${await client.newChat(token)}`, { token, body });
    expect(answer.status).toBe(422);
    expect(problemsOf(answer)).toMatchObject([{ type, loc: ['body', field] }]);
  });
});

describe('DELETE /chats/:chat_id', () => {
  it('wire "`DELETE /chats/{id}` → `{"success": true}`"', async () => {
    const id = await client.newChat(token);
    await client.send(token, id, 'hello');
    const answer = await client.call(`DELETE /chats/${id}`, { token });
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    for (const route of [`GET /chats/${id}`, `GET /chats/${id}/messages/`, `DELETE /chats/${id}`]) {
      const gone = await client.call(route, { token });
      expect([gone.status, gone.body]).toEqual([404, { detail: 'Chat not found' }]);
    }
  });
});
