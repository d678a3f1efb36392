import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { conversationKeys, createClient, messageKeys, secrets } from './client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
beforeAll(async () => {
  ({ cookie } = await client.newUser());
});

const notFound = { error: 'Conversation not found' };
const wrongNames = [7, ['x'], 'x'.repeat(256), 'a\u0000b', '\ud800'];

describe('GET /api/conversations', () => {
  it('README "Get All Conversations": each with its messages; wire: newest first', async () => {
    const user = await client.newUser();
    expect((await client.call('GET /api/conversations', { cookie: user.cookie })).text).toBe('[]');
    const first = await client.newConversation(user.cookie, 'first');
    const second = await client.newConversation(user.cookie, 'second');
    const one = await client.send(user.cookie, first, 'Hello');
    const two = await client.send(user.cookie, first, 'What is Python?');
    const answer = await client.call('GET /api/conversations', { cookie: user.cookie });
    expect([answer.status, answer.body]).toEqual([
      200,
      [
        { id: second, name: 'second', messages: [] },
        { id: first, name: 'first', messages: [...one, ...two] },
      ],
    ]);
    for (const message of [...one, ...two]) expect(keysOf(message)).toEqual(messageKeys);
    expect(answer.text).not.toMatch(secrets);
  });

  it('has all of them, however many, and nobody else’s', async () => {
    const user = await client.newUser();
    const names = Array.from({ length: 105 }, (_none, at) => `talk ${at}`);
    const made = await Promise.all(names.map((name) => client.newConversation(user.cookie, name)));
    const ids = (await client.conversations(user.cookie)).map(({ id }) => id);
    expect(ids).toEqual(made.toSorted((one, other) => other - one));
  });

  it('has all messages, however many', async () => {
    const user = await client.newUser();
    const id = await client.newConversation(user.cookie);
    const sent = [];
    for (let at = 0; at < 51; at += 1) sent.push(...(await client.send(user.cookie, id, `message ${at}`)));
    expect((await client.conversations(user.cookie))[0]?.messages).toEqual(sent);
  });
});

describe('POST /api/conversations', () => {
  it('README "Create Conversation"; wire: 201 with `messages`', async () => {
    const answer = await client.call('POST /api/conversations', { cookie, body: { name: 'General Q&A' } });
    expect([answer.status, answer.body]).toEqual([
      201,
      { id: expect.any(Number) as number, name: 'General Q&A', messages: [] },
    ]);
    expect(Number.isInteger(answer.body['id'])).toBe(true);
    expect(keysOf(answer.body)).toEqual(conversationKeys);
  });

  it.each(['2024-01-15T10:30:00', '2024-01-15T10:30:00.000Z', 'yesterday', 5, null])(
    'wire "may also carry `created_at`": %j',
    async (created_at) => {
      const body = { name: 'dated', created_at };
      const answer = await client.call('POST /api/conversations', { cookie, body });
      expect([answer.status, answer.body['name']]).toEqual([201, 'dated']);
    },
  );

  it.each([{}, { name: '' }, { name: '  ' }, { name: null }])(
    'wire "400s": %j is `Name is required`',
    async (body) => {
      const before = (await client.conversations(cookie)).length;
      const answer = await client.call('POST /api/conversations', { cookie, body });
      expect([answer.status, answer.body]).toEqual([400, { error: 'Name is required' }]);
      expect(await client.conversations(cookie)).toHaveLength(before);
    },
  );

  it('refuses a name that is no text, too long, or no Unicode', async () => {
    for (const name of wrongNames) {
      const answer = await client.call('POST /api/conversations', { cookie, body: { name } });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });

  it('keeps the name that was given when messages come', async () => {
    const id = await client.newConversation(cookie, 'New Chat');
    await client.send(cookie, id, 'Something else altogether');
    const found = (await client.conversations(cookie)).find((conversation) => conversation.id === id);
    expect(found?.name).toBe('New Chat');
  });
});

describe('PUT /api/conversations/:conversation_id', () => {
  it('README "Rename Conversation"; wire: 200 with `messages`', async () => {
    const id = await client.newConversation(cookie, 'before');
    const messages = await client.send(cookie, id, 'Hello');
    const body = { name: 'after \u{1f600}' };
    const answer = await client.call(`PUT /api/conversations/${id}`, { cookie, body });
    expect([answer.status, answer.body]).toEqual([200, { id, ...body, messages }]);
    expect((await client.conversations(cookie)).find((found) => found.id === id)).toEqual(answer.body);
  });

  it.each([{}, { name: '' }, { name: ' \t' }, { name: null }])(
    'wire "400s": %j is `Name is required`',
    async (body) => {
      const id = await client.newConversation(cookie, 'stays');
      const answer = await client.call(`PUT /api/conversations/${id}`, { cookie, body });
      expect([answer.status, answer.body]).toEqual([400, { error: 'Name is required' }]);
      expect((await client.conversations(cookie)).find((found) => found.id === id)?.name).toBe('stays');
    },
  );

  it('refuses a name that is no text, too long, or no Unicode', async () => {
    const id = await client.newConversation(cookie);
    for (const name of wrongNames) {
      const answer = await client.call(`PUT /api/conversations/${id}`, { cookie, body: { name } });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });
});

describe('DELETE /api/conversations/:conversation_id', () => {
  it('README "Delete Conversation": 204 without a body, and it is gone', async () => {
    const id = await client.newConversation(cookie);
    await client.send(cookie, id, 'a text to lose');
    const headers = { 'content-type': 'application/json' };
    const answer = await client.call(`DELETE /api/conversations/${id}`, { cookie, headers });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await client.conversations(cookie)).some((found) => found.id === id)).toBe(false);
    for (const [route, body] of [
      [`DELETE /api/conversations/${id}`, undefined],
      [`PUT /api/conversations/${id}`, { name: 'again' }],
      [`POST /api/conversations/${id}/messages`, { text: 'again' }],
    ] as const) {
      const gone = await client.call(route, { cookie, body });
      expect([gone.status, gone.body]).toEqual([404, notFound]);
    }
  });
});

describe('an id', () => {
  it.each([
    '0',
    '01',
    '+1',
    '-1',
    '1.0',
    '1e0',
    '9007199254740993',
    '99999999999999999999',
    '%31%00',
    '1%20',
  ])('%s is 404 like a conversation that never existed', async (id) => {
    for (const [route, body] of [
      [`PUT /api/conversations/${id}`, { name: 'x' }],
      [`DELETE /api/conversations/${id}`, undefined],
      [`POST /api/conversations/${id}/messages`, { text: 'x' }],
    ] as const) {
      const answer = await client.call(route, { cookie, body });
      expect([answer.status, answer.body]).toEqual([404, notFound]);
    }
  });
});
