import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { type Sent, signInV1, type V1Client } from '../support/v1-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

/** What the AI begins to answer, and says no more of. */
const question = 'fake:fault=hang-between-tokens,at=2';

let ai: FakeAi;
let server: WholeServer;
let client: V1Client;
let cookie: string;
beforeAll(async () => {
  ai = await createFakeAi();
  server = await startWholeServer({ AI_PROVIDER: 'openai', OPENAI_BASE_URL: ai.url, AI_MODEL: 'any' });
  client = await signInV1(server.url, 'reader');
  const account = { login: 'reader', password: 'the password of reader', mode: 'cookie' };
  const answer = await client.request('POST', '/api/v1/auth/sign-in', account);
  cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterAll(async () => {
  await server.stop();
  await ai.close();
});

/** How the dialects call a chat. */
type Names = { number: number; uuid: string };

async function newChat(): Promise<Names> {
  const { id: number } = await client.json<{ id: number }>('POST', '/api/chat/create', {});
  const { items } = await client.json<{ items: { id: string }[] }>('GET', '/api/v1/chats?limit=1');
  return { number, uuid: items[0]?.id ?? '' };
}

/** Resolves once a part of a reply can be read. */
async function partOf({ reply }: Sent): Promise<void> {
  for await (const { event } of client.events(`/api/v1/replies/${reply.id}/events`))
    if (event === 'text-delta') return;
}

type Fields = Record<string, unknown>;

/** As the pages of two kinds of client ask: by token, or by cookie. */
const get = async (path: string, by: 'token' | 'cookie' = 'token'): Promise<unknown> =>
  client.json('GET', path, undefined, by === 'cookie' ? { cookie, authorization: '' } : {});
const textsOf = (messages: unknown): unknown[] =>
  (messages as Fields[]).map((message) => message['text'] ?? message['content']);

const lists: Record<string, (chat: Names) => Promise<unknown>> = {
  'histories: messages': ({ number }) => get(`/api/messages/${number}/messages`),
  'histories: a chat': async ({ number }) => ((await get(`/api/chat/${number}`)) as Fields)['messages'],
  conversations: async ({ number }) =>
    ((await get('/api/conversations', 'cookie')) as Fields[]).find(({ id }) => id === number)?.['messages'],
  flutter: ({ uuid }) => get(`/chats/${uuid}/messages/`),
  amanda: async ({ number }) => ((await get(`/api/chat/${number}/messages`, 'cookie')) as Fields)['messages'],
  'chat-sessions: messages': async ({ number }) =>
    ((await get(`/chat/sessions/${number}/messages`)) as Fields)['messages'],
  'chat-sessions: a session': async ({ number }) =>
    ((await get(`/chat/sessions/${number}`)) as { session: Fields }).session['messages'],
};

describe('a reply of which a part is written', () => {
  let chat: Names;
  let sent: Sent;
  beforeAll(async () => {
    chat = await newChat();
    sent = await client.json<Sent>('POST', `/api/v1/chats/${chat.uuid}/messages`, { text: question });
    await partOf(sent);
  });

  it.each(Object.entries(lists))('is not in the list of %s', async (_name, list) => {
    expect(textsOf(await list(chat))).toEqual([question]);
  });

  it('is on none of the pages of chat-sessions, as they are counted', async () => {
    const page = (number: number) =>
      get(`/chat/sessions/${chat.number}/messages?per_page=1&page=${number}`) as Promise<Fields>;
    const [first, second] = [await page(1), await page(2)];
    expect(first['pagination']).toMatchObject({ total: 1, pages: 1, has_next: false });
    expect([textsOf(first['messages']), second['messages']]).toEqual([[question], []]);
  });

  it('is shown by /api/v1, whose clients are told that it is being written', async () => {
    const { items } = (await get(`/api/v1/chats/${chat.uuid}/messages`)) as { items: Fields[] };
    expect(items[1]).toMatchObject({ state: 'writing', text: expect.stringMatching(/\S/) as string });
  });

  it('is in every list once it has ended', async () => {
    await client.json('POST', `/api/v1/replies/${sent.reply.id}/stop`);
    for (const [name, list] of Object.entries(lists))
      expect(textsOf(await list(chat)), name).toEqual([question, expect.stringMatching(/\S/) as string]);
    const { pagination } = (await get(`/chat/sessions/${chat.number}/messages?per_page=1`)) as Fields;
    expect(pagination).toMatchObject({ total: 2, has_next: true });
  });
});

/** How each dialect that answers with the reply sends, and says what went wrong. */
const sends: Record<string, (chat: Names) => Promise<{ status: number; error: unknown }>> = {
  histories: ({ number }) => post(`/api/messages/${number}/send`, { text: question }),
  conversations: ({ number }) => post(`/api/conversations/${number}/messages`, { text: question }, 'cookie'),
  flutter: ({ uuid }) => post(`/chats/${uuid}/messages/`, { content: question }),
  'chat-sessions': ({ number }) => post(`/chat/sessions/${number}/messages`, { text: question, reply: true }),
};

async function post(path: string, body: object, by: 'token' | 'cookie' = 'token') {
  const login: Record<string, string> = by === 'cookie' ? { cookie, authorization: '' } : {};
  const answer = await client.request('POST', path, body, login);
  const { error, detail } = (await answer.json()) as Fields;
  return { status: answer.status, error: error ?? detail };
}

const chatGone: Record<string, string> = {
  histories: 'Chat not found',
  conversations: 'Conversation not found',
  flutter: 'Chat not found',
  'chat-sessions': 'Session not found',
};

/** The machine may be doing much else. */
const patiently = { timeout: 30_000, interval: 20 };

describe.each(Object.entries(sends))('a send of %s that waits for its reply', (name, send) => {
  /** Of two, the first of which is being answered while the second waits for its turn. */
  async function sendTwo(): Promise<{ chat: Names; answers: Promise<unknown[]> }> {
    const chat = await newChat();
    const shown = async () =>
      ((await get(`/api/v1/chats/${chat.uuid}/messages`)) as { items: Fields[] }).items.length;
    const first = send(chat);
    await expect.poll(shown, patiently).toBe(2);
    const answers = Promise.all([first, send(chat)]);
    await expect.poll(shown, patiently).toBe(3);
    return { chat, answers };
  }

  it('is told that the chat was cleared', async () => {
    const { chat, answers } = await sendTwo();
    await client.json('POST', `/api/v1/chats/${chat.uuid}/clear`);
    const told = { status: 409, error: 'The chat was cleared before the reply was finished' };
    expect(await answers).toEqual([told, told]);
  });

  it('is told that the chat is gone', async () => {
    const { chat, answers } = await sendTwo();
    await client.json('DELETE', `/api/v1/chats/${chat.uuid}`);
    const told = { status: 404, error: chatGone[name] };
    expect(await answers).toEqual([told, told]);
  });
});
