import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, newUser, type Page, type ShownMessage } from './client.ts';
import { playAi } from './played-ai.ts';

type Found = {
  type: string;
  chat_id: string;
  chat_title: string;
  message_id: string | null;
  role: string | null;
  created_at: string;
  snippet: { text: string; hits: [number, number][] };
};

const ai = playAi();
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer({ ...ai });
});
afterAll(() => server.close());
beforeEach(async () => {
  ({ client } = await newUser(server.url));
});

const find = async (query: string) => {
  const { status, body } = await client.get<Page<Found>>(`/search?${query}`);
  expect(status).toBe(200);
  return body;
};
const hitsOf = ({ snippet: { text, hits } }: Found) => hits.map(([start, end]) => text.slice(start, end));

test('what was said and answered is found as soon as it is there, with where it stands', async () => {
  const chat = await client.chat();
  const { message, reply } = await client.send(
    chat,
    `${'Before. '.repeat(60)}Où est le Café? ${'After. '.repeat(60)}`,
  );
  const answer = await ai.asked();
  answer.say('The CAFE is around the corner');
  answer.finish();
  await (await client.stream(`/replies/${reply.id}/events`)).rest();
  const { items, next_cursor } = await find('q=cafe');
  expect(next_cursor).toBeNull();
  expect(items.map(({ role }) => role)).toEqual(['assistant', 'user']);
  expect(items.map(hitsOf)).toEqual([['CAFE'], ['Café']]);
  const title = items[1]?.chat_title;
  expect(items[1]).toMatchObject({
    type: 'message',
    chat_id: chat,
    message_id: message.id,
    created_at: message['created_at'],
  });
  expect(items[1]?.snippet.text).toMatch(/^…Before\. .*Où est le Café\? After\..*…$/);
  expect(items[1]?.snippet.text.length).toBeLessThanOrEqual(162);

  const { items: titles } = await find('q=before');
  expect(titles[0]).toMatchObject({
    type: 'chat',
    chat_id: chat,
    chat_title: title,
    message_id: null,
    role: null,
  });
  expect(titles[0] && hitsOf(titles[0])[0]).toBe('Before');

  const others = await newUser(server.url);
  expect((await others.client.get<Page<Found>>('/search?q=cafe')).body.items).toEqual([]);
});

test('pages go on where the one before ended', async () => {
  const chat = await client.chat();
  const ids: string[] = [];
  for (const text of ['one fish', 'two fish', 'red fish', 'blue fish']) {
    const { body } = await client.post<{ message: ShownMessage }>(`/chats/${chat}/messages`, { text });
    ids.push(body.message.id);
  }
  await client.patch(`/chats/${chat}`, { title: 'Of fish' });
  const seen: (string | null)[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<Found> = await find(`q=FISH&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.items.map(({ message_id }) => message_id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual([null, ...ids.toReversed()]);
});

test.each([
  ['q=', 'search-empty'],
  ['q=%20%2E', 'search-empty'],
  ['q=%00a', 'text-not-unicode'],
  [`q=${'a'.repeat(201)}`, 'field-invalid'],
  ['q=a&cursor=abc', 'cursor-invalid'],
  ['limit=3', 'fields-missing'],
])('%s is refused with %s', async (query, code) => {
  const { status, body } = await client.get(`/search?${query}`);
  expect([status, body['code']]).toEqual([400, code]);
});
