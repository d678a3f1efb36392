import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, newUser, type ShownReply } from './client.ts';
import { playAi } from './played-ai.ts';

const ai = playAi();
/** A minute before midnight; each look at it is a millisecond later. */
let now = Date.parse('2026-03-01T23:59:00.000Z');
const clock = () => new Date((now += 1));
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer({ ...ai, clock, limits: { repliesPerDay: 1 } });
});
afterAll(() => server.close());
beforeEach(async () => {
  ({ client } = await newUser(server.url));
});

test('a reply tells what it cost and when, and the day sums it up and what is left', async () => {
  const { reply } = await client.send(await client.chat(), 'hello');
  expect(reply).toMatchObject({ provider: 'played', model: 'played-1', usage: null, first_text_at: null });
  const answer = await ai.asked();
  answer.say('Hi');
  answer.finish();
  await (await client.stream(`/replies/${reply.id}/events`)).rest();
  const { body: ended } = await client.get<ShownReply>(`/replies/${reply.id}`);
  expect(ended).toMatchObject({
    usage: { prompt_tokens: 3, completion_tokens: 5, estimated: false },
    prompt_tokens: 3,
    completion_tokens: 5,
  });
  const times = ['created_at', 'started_at', 'first_text_at', 'ended_at'].map((key) => String(ended[key]));
  expect(times.toSorted()).toEqual(times);

  const { body } = await client.get('/usage?from=2026-03-01');
  const sum = { replies: 1, prompt_tokens: 3, completion_tokens: 5 };
  expect(body).toMatchObject({
    from: '2026-03-01',
    to: '2026-03-01',
    items: [{ day: '2026-03-01', provider: 'played', model: 'played-1', ...sum }],
    totals: sum,
    today: {
      tokens: { limit: null, left: null },
      replies: { limit: 1, left: 0 },
      resets_at: '2026-03-02T00:00:00.000Z',
    },
  });
});

test('a send over the limit of the day is refused until midnight', async () => {
  const chat = await client.chat();
  await client.send(chat, 'hello');
  const { status, body, headers } = await client.post(`/chats/${chat}/messages`, { text: 'more' });
  expect([status, body['code']]).toEqual([429, 'daily-limit-reached']);
  const wait = Number(headers.get('retry-after'));
  expect(wait).toBeGreaterThan(50);
  expect(wait).toBeLessThanOrEqual(60);
});

test('without bounds it is the last thirty days', async () => {
  const { body } = await client.get('/usage');
  expect([body['from'], body['to'], body['items']]).toEqual(['2026-01-31', '2026-03-01', []]);
  expect(body['totals']).toEqual({ replies: 0, prompt_tokens: 0, completion_tokens: 0, duration_ms: 0 });
  const year = await client.get('/usage?from=2024-01-01&to=2024-12-31');
  expect([year.status, year.body['from'], year.body['to']]).toEqual([200, '2024-01-01', '2024-12-31']);
});

test.each([
  ['from=2026-02-30', 'from'],
  ['to=yesterday', 'to'],
  ['from=2026-01-02&to=2026-01-01', 'from'],
  ['from=2025-01-01&to=2026-01-02', 'from'],
  ['from=', 'from'],
])('%s is no range', async (query, field) => {
  const { status, body } = await client.get(`/usage?${query}`);
  expect([status, body]).toMatchObject([400, { code: 'field-invalid', errors: [{ field }] }]);
});
