import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import {
  createClient,
  type Message,
  messageKeys,
  type Page,
  pageKeys,
  secrets,
  type Session,
} from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
let session: number;
let path: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
});
beforeEach(async () => {
  session = await client.newSession(token);
  path = `/chat/sessions/${session}/messages`;
});

const send = (body: unknown, headers: Record<string, string> = {}) =>
  client.call(`POST ${path}`, { token, body, headers });
const stored = () => client.messagesOf(token, session);
const dataOf = (answer: { body: Record<string, unknown> }) => answer.body['message_data'] as Message;
const count = async () => {
  const { body } = await client.call(`GET /chat/sessions/${session}`, { token });
  return (body['session'] as Session).message_count;
};

describe('GET /chat/sessions/:session_id/messages', () => {
  const list = async (query = '') => {
    const answer = await client.call(`GET ${path}${query}`, { token });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['messages', 'pagination']]);
    expect(keysOf(answer.body['pagination'])).toEqual(pageKeys);
    expect(answer.text).not.toMatch(secrets);
    return {
      texts: (answer.body['messages'] as Message[]).map(({ text }) => text),
      pagination: answer.body['pagination'] as Page,
    };
  };

  it('README "Get Messages"; wire "ascending, default 50, at most 100"', async () => {
    const texts = Array.from({ length: 120 }, (_none, at) => `message ${at}`);
    for (const text of texts) await client.say(token, session, { text });
    const pages = [await list(), await list('?page=2'), await list('?page=3'), await list('?page=4')];
    expect(pages.flatMap((page) => page.texts)).toEqual(texts);
    expect(pages.map(({ pagination }) => pagination)).toEqual(
      [1, 2, 3, 4].map((page) => ({
        page,
        per_page: 50,
        total: 120,
        pages: 3,
        has_next: page < 3,
        has_prev: page > 1,
      })),
    );
    expect((await list('?page=2&per_page=100')).texts).toEqual(texts.slice(100));
  });

  it('wire: exact keys; an empty session has `pages: 0`', async () => {
    expect(await list()).toEqual({
      texts: [],
      pagination: { page: 1, per_page: 50, total: 0, pages: 0, has_next: false, has_prev: false },
    });
    const said = await client.say(token, session, { text: 'one' });
    expect((await client.call(`GET ${path}`, { token })).body['messages']).toEqual([said]);
    expect(keysOf(said)).toEqual(messageKeys);
  });

  it('wire "without deleted ones", in the total neither', async () => {
    const [one, two] = [
      await client.say(token, session, { text: 'one' }),
      await client.say(token, session, { text: 'two' }),
    ];
    await client.call(`DELETE ${path}/${one.id}`, { token });
    expect(await list()).toMatchObject({ texts: [two.text], pagination: { total: 1, pages: 1 } });
  });

  it.each([
    ['page=0', 'Page number must be greater than 0'],
    ['per_page=0', 'Per page must be greater than 0'],
    ['per_page=101', 'Per page cannot exceed 100'],
  ])('wire sentence for ?%s', async (query, error) => {
    const answer = await client.call(`GET ${path}?${query}`, { token });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  it('what is no number counts as not given', async () => {
    expect((await list('?page=abc&per_page=abc')).pagination).toMatchObject({ page: 1, per_page: 50 });
  });
});

describe('DELETE /chat/sessions/:session_id/messages', () => {
  it('README "Clear All Messages"; the session stays', async () => {
    await client.say(token, session, { text: 'one' });
    await client.say(token, session, { text: 'two', sender: 'ai' });
    const answer = await client.call(`DELETE ${path}`, { token });
    expect([answer.status, answer.body]).toEqual([200, { message: 'All messages cleared successfully' }]);
    expect(await stored()).toEqual([]);
    expect(await count()).toBe(0);
    expect((await client.call(`DELETE ${path}`, { token })).status).toBe(200);
    expect((await send({ text: 'anew' })).status).toBe(201);
    expect(await count()).toBe(1);
  });
});

describe('GET /chat/sessions/:session_id/messages/:message_id', () => {
  it('wire: `{message_data: M}`', async () => {
    const said = await client.say(token, session, { text: 'one' });
    const answer = await client.call(`GET ${path}/${said.id}`, { token });
    expect([answer.status, answer.body]).toEqual([200, { message_data: said }]);
  });

  it.each(['0', '01', '-1', '1.5', '9007199254740993', '4611686018427'])(
    'wire "404 when missing": %s',
    async (id) => {
      const answer = await client.call(`GET ${path}/${id}`, { token });
      expect([answer.status, answer.body]).toEqual([404, { error: 'Message not found' }]);
    },
  );
});

describe('PUT /chat/sessions/:session_id/messages/:message_id', () => {
  it('README "Update Message"; wire: `{message, message_data: M}`', async () => {
    const said = await client.say(token, session, { text: 'old', sender: 'ai' });
    const body = { text: 'Updated <b>message</b> text' };
    const answer = await client.call(`PUT ${path}/${said.id}`, { token, body });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['message', 'message_data']]);
    expect(answer.body['message']).toBe('Message updated successfully');
    expect(keysOf(answer.body['message_data'])).toEqual(messageKeys);
    expect(dataOf(answer)).toMatchObject({ id: said.id, text: 'Updated message text', sender: 'ai' });
    expect(await stored()).toEqual([dataOf(answer)]);
  });

  it.each([
    [{}, 'Request body is required'],
    [{ text: '' }, 'Message cannot be empty'],
    [{ sender: 'ai' }, 'Message cannot be empty'],
    [{ text: 'x'.repeat(5001) }, 'Message cannot exceed 5000 characters'],
    [{ text: 'javascript:x' }, 'Message contains inappropriate content'],
  ])('wire sentence for %j, and the text stays', async (body, error) => {
    const said = await client.say(token, session, { text: 'stays' });
    const answer = await client.call(`PUT ${path}/${said.id}`, { token, body });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
    expect(await stored()).toEqual([said]);
  });
});

describe('DELETE /chat/sessions/:session_id/messages/:message_id', () => {
  it('README "Delete Message"; wire "a soft-deleted message is 404 from then on"', async () => {
    const [one, two] = [
      await client.say(token, session, { text: 'one' }),
      await client.say(token, session, { text: 'two' }),
    ];
    const answer = await client.call(`DELETE ${path}/${one.id}`, { token });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Message deleted successfully' }]);
    expect(await stored()).toEqual([two]);
    expect(await count()).toBe(1);
    for (const [method, body] of [['GET'], ['PUT', { text: 'back' }], ['DELETE']] as const) {
      const gone = await client.call(`${method} ${path}/${one.id}`, { token, body });
      expect([gone.status, gone.body]).toEqual([404, { error: 'Message not found' }]);
    }
  });

  it('a message of another session of mine is not found in this one', async () => {
    const elsewhere = await client.newSession(token);
    const said = await client.say(token, elsewhere, { text: 'elsewhere' });
    for (const [method, body] of [['GET'], ['PUT', { text: 'x' }], ['DELETE']] as const) {
      const answer = await client.call(`${method} ${path}/${said.id}`, { token, body });
      expect([answer.status, answer.body]).toEqual([404, { error: 'Message not found' }]);
    }
    expect(await client.messagesOf(token, elsewhere)).toEqual([said]);
  });
});
