import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import {
  createClient,
  messageKeys,
  type Page,
  pageKeys,
  secrets,
  type Session,
  sessionKeys,
} from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
let userId: string;
beforeAll(async () => {
  ({ token, id: userId } = await client.newUser());
});
const sessionOf = (answer: { body: Record<string, unknown> }) => answer.body['session'] as Session;

describe('POST /chat/sessions', () => {
  const create = (body: unknown) => client.call('POST /chat/sessions', { token, body });

  it('README "Create Chat Session"; wire: 201 with message and session', async () => {
    const answer = await create({ title: 'My Chat Session' });
    expect([answer.status, keysOf(answer.body)]).toEqual([201, ['message', 'session']]);
    expect(answer.body['message']).toBe('Chat session created successfully');
    const session = sessionOf(answer);
    expect(keysOf(session)).toEqual(sessionKeys);
    expect(session).toEqual({
      id: expect.any(Number) as number,
      title: 'My Chat Session',
      user_id: userId,
      created_at: expect.stringMatching(naiveTime) as string,
      updated_at: (session as { created_at?: string }).created_at,
      is_active: true,
      message_count: 0,
    });
    expect(Number.isInteger(session.id)).toBe(true);
    expect(answer.text).not.toMatch(secrets);
  });

  it.each([[{ title: null }], [{ name: 'x' }]])('wire "no title: `New Chat`": %j', async (body) => {
    const answer = await create(body);
    expect([answer.status, sessionOf(answer).title]).toEqual([201, 'New Chat']);
  });

  it('wire "`{}`: 400 `Request body is required`", and so for no body', async () => {
    for (const answer of [await create({}), await client.call('POST /chat/sessions', { token })]) {
      expect([answer.status, answer.body]).toEqual([400, { error: 'Request body is required' }]);
    }
  });

  it.each(['', '   ', '<b></b>', 7, ['x']])('wire "`Session title cannot be empty`": %j', async (title) => {
    const answer = await create({ title });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Session title cannot be empty' }]);
  });

  it('README "Maximum 255 characters for title"; wire: its sentence', async () => {
    for (const character of ['x', '\u{1f389}']) {
      const longest = await create({ title: character.repeat(255) });
      expect([longest.status, sessionOf(longest).title]).toEqual([201, character.repeat(255)]);
      const answer = await create({ title: character.repeat(256) });
      expect([answer.status, answer.body]).toEqual([400, { error: 'Title cannot exceed 255 characters' }]);
    }
  });

  it('wire "HTML tags are stripped from title"', async () => {
    const answer = await create({ title: 'My <b>bold</b> <script>x</script> chat, 1 < 2' });
    expect(sessionOf(answer).title).toBe('My bold x chat, 1 < 2');
  });

  it.each(['a\u0000b', '\ud800'])('the title %j is refused', async (title) => {
    const answer = await create({ title });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
  });
});

describe('GET /chat/sessions', () => {
  const list = async (own: string, query = '') => {
    const answer = await client.call(`GET /chat/sessions${query}`, { token: own });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['pagination', 'sessions']]);
    expect(keysOf(answer.body['pagination'])).toEqual(pageKeys);
    expect(answer.text).not.toMatch(secrets);
    return {
      sessions: answer.body['sessions'] as Session[],
      pagination: answer.body['pagination'] as Page,
    };
  };

  it('wire "an empty list has `pages: 0`"', async () => {
    const user = await client.newUser();
    expect(await list(user.token)).toEqual({
      sessions: [],
      pagination: { page: 1, per_page: 20, total: 0, pages: 0, has_next: false, has_prev: false },
    });
  });

  it('wire "newest `updated_at` first": a message brings its session to the front', async () => {
    const user = await client.newUser();
    const first = await client.newSession(user.token, 'first');
    const second = await client.newSession(user.token, 'second');
    await client.say(user.token, first, { text: 'hello' });
    const { sessions } = await list(user.token);
    expect(sessions.map(({ id, title, message_count }) => [id, title, message_count])).toEqual([
      [first, 'first', 1],
      [second, 'second', 0],
    ]);
    for (const session of sessions) expect(keysOf(session)).toEqual(sessionKeys);
  });

  it('wire "default 20, at most 100": pages without gap or duplicate', async () => {
    const user = await client.newUser();
    const made: number[] = [];
    for (let count = 0; count < 45; count += 1) {
      made.push(await client.newSession(user.token, `session ${count}`));
    }
    const pages = await Promise.all([1, 2, 3, 4].map((page) => list(user.token, `?page=${page}`)));
    expect(pages.map(({ sessions }) => sessions.length)).toEqual([20, 20, 5, 0]);
    expect(pages.flatMap(({ sessions }) => sessions.map(({ id }) => id))).toEqual(made.toReversed());
    expect(pages.map(({ pagination }) => pagination)).toEqual(
      [1, 2, 3, 4].map((page) => ({
        page,
        per_page: 20,
        total: 45,
        pages: 3,
        has_next: page < 3,
        has_prev: page > 1,
      })),
    );
    const all = await list(user.token, '?per_page=100');
    expect([all.sessions.length, all.pagination.pages]).toEqual([45, 1]);
    const exact = await list(user.token, '?page=5&per_page=9');
    expect([exact.sessions.length, exact.pagination]).toMatchObject([
      9,
      { pages: 5, has_next: false, has_prev: true },
    ]);
  });

  it.each(['999', '1000000000000', '9'.repeat(30), '9'.repeat(400)])(
    'wire "beyond the end: 200, `[]`": page %s',
    async (page) => {
      const { sessions, pagination } = await list(token, `?page=${page}`);
      expect(sessions).toEqual([]);
      expect(pagination).toMatchObject({ has_next: false, has_prev: true, per_page: 20 });
      expect(Number.isInteger(pagination.page)).toBe(true);
    },
  );

  it.each([
    ['page=0', 'Page number must be greater than 0'],
    ['page=-1', 'Page number must be greater than 0'],
    [`page=-${'9'.repeat(400)}`, 'Page number must be greater than 0'],
    ['per_page=0', 'Per page must be greater than 0'],
    ['per_page=-5', 'Per page must be greater than 0'],
    ['per_page=101', 'Per page cannot exceed 100'],
    [`per_page=${'9'.repeat(30)}`, 'Per page cannot exceed 100'],
    ['page=0&per_page=0', 'Page number must be greater than 0'],
  ])('wire sentence for ?%s', async (query, error) => {
    const answer = await client.call(`GET /chat/sessions?${query}`, { token });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  it.each(['page=abc', 'page=', 'page=1.5', 'per_page=abc', 'page=%20&per_page=', 'page=1e9', 'limit=3'])(
    'what is no number counts as not given: ?%s',
    async (query) => {
      const { pagination } = await list(token, `?${query}`);
      expect(pagination).toMatchObject({ page: 1, per_page: 20 });
    },
  );
});

describe('GET /chat/sessions/:session_id', () => {
  it('README "Get Specific Session with Messages"; wire: `{session: S + messages: [M]}`', async () => {
    const id = await client.newSession(token, 'talk');
    const one = await client.say(token, id, { text: 'Hello', sender: 'user' });
    const two = await client.say(token, id, { text: 'Hello, you', sender: 'ai' });
    const answer = await client.call(`GET /chat/sessions/${id}`, { token });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['session']]);
    expect(keysOf(answer.body['session'])).toEqual([...sessionKeys, 'messages'].toSorted());
    expect(answer.body['session']).toMatchObject({ id, title: 'talk', message_count: 2, user_id: userId });
    const { messages } = answer.body['session'] as { messages: object[] };
    expect(messages).toEqual([one, two]);
    for (const message of messages) expect(keysOf(message)).toEqual(messageKeys);
    expect(answer.text).not.toMatch(secrets);
  });

  it('has all messages, however many', async () => {
    const id = await client.newSession(token, 'long');
    const texts = Array.from({ length: 105 }, (_none, at) => `message ${at}`);
    for (const text of texts) await client.say(token, id, { text });
    expect((await client.messagesOf(token, id)).map(({ text }) => text)).toEqual(texts);
  });

  it.each(['0', '01', '+1', '-1', '1.0', '1e0', '9007199254740993', '99999999999999999999', '4611686018427'])(
    'the id %s is 404 `Session not found`',
    async (id) => {
      const answer = await client.call(`GET /chat/sessions/${id}`, { token });
      expect([answer.status, answer.body]).toEqual([404, { error: 'Session not found' }]);
    },
  );
});

describe('PUT /chat/sessions/:session_id', () => {
  it('README "Update Session Title"; wire: `{message, session: S}`', async () => {
    const id = await client.newSession(token, 'old');
    const answer = await client.call(`PUT /chat/sessions/${id}`, {
      token,
      body: { title: 'Updated <i>Session</i> Title' },
    });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['message', 'session']]);
    expect(answer.body['message']).toBe('Session updated successfully');
    expect(keysOf(answer.body['session'])).toEqual(sessionKeys);
    expect(answer.body['session']).toMatchObject({ id, title: 'Updated Session Title', user_id: userId });
    const read = await client.call(`GET /chat/sessions/${id}`, { token });
    expect(sessionOf(read).title).toBe('Updated Session Title');
  });

  it.each([
    [{}, 'Request body is required'],
    [{ title: '' }, 'Session title cannot be empty'],
    [{ title: null }, 'Session title cannot be empty'],
    [{ name: 'x' }, 'Session title cannot be empty'],
    [{ title: 'x'.repeat(256) }, 'Title cannot exceed 255 characters'],
  ])('wire sentence for %j, and the title stays', async (body, error) => {
    const id = await client.newSession(token, 'stays');
    const answer = await client.call(`PUT /chat/sessions/${id}`, { token, body });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
    expect(sessionOf(await client.call(`GET /chat/sessions/${id}`, { token })).title).toBe('stays');
  });
});

describe('DELETE /chat/sessions/:session_id', () => {
  it('README "Delete Session"; wire "gone from lists", "404 from then on"', async () => {
    const user = await client.newUser();
    const id = await client.newSession(user.token, 'to go');
    const kept = await client.newSession(user.token, 'to stay');
    const message = await client.say(user.token, id, { text: 'to go, too' });
    const answer = await client.call(`DELETE /chat/sessions/${id}`, { token: user.token });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Session deleted successfully' }]);

    const list = await client.call('GET /chat/sessions', { token: user.token });
    expect((list.body['sessions'] as Session[]).map((session) => session.id)).toEqual([kept]);
    expect((list.body['pagination'] as Page).total).toBe(1);
    const path = `/chat/sessions/${id}`;
    for (const [route, body] of [
      [`GET ${path}`],
      [`PUT ${path}`, { title: 'back' }],
      [`DELETE ${path}`],
      [`POST ${path}/messages`, { text: 'x' }],
      [`GET ${path}/messages`],
      [`DELETE ${path}/messages`],
      [`GET ${path}/messages/${message.id}`],
      [`PUT ${path}/messages/${message.id}`, { text: 'x' }],
      [`DELETE ${path}/messages/${message.id}`],
    ] as const) {
      const gone = await client.call(route, { token: user.token, body });
      expect([gone.status, gone.body]).toEqual([404, { error: 'Session not found' }]);
    }
  });
});
