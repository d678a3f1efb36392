import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { runSeed, seededRandom } from '../support/random.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { Client, dataOf, newUser, type Page, type ShownMessage, type ShownReply, textOf } from './client.ts';
import { playAi, type PlayedAnswer } from './played-ai.ts';

const ai = playAi();
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer(ai);
  ({ client } = await newUser(server.url));
});
afterAll(() => server.close());

async function ask(
  chat?: string,
): Promise<{ id: string; chat: string; events: string; answer: PlayedAnswer }> {
  const place = chat ?? (await client.chat());
  const { reply } = await client.send(place, 'go on');
  return { id: reply.id, chat: place, events: `/replies/${reply.id}/events`, answer: await ai.asked() };
}

const seed = runSeed();
describe(`resume (SEED=${seed})`, () => {
  test('a reader cut 100 times at random positions has the same bytes as one never cut', async () => {
    const random = seededRandom(seed);
    const below = (count: number) => Math.floor(random() * count);
    const words = ['a ', 'word', '👋🏽', '\n', '\r\n', '"quoted" ', '\\', 'é', '漢字', ' ', 'data: x\n\n', ':'];
    const { id, events, answer } = await ask();
    const whole = await client.stream(events);
    let said = '';
    let seen = '';
    for (let cuts = 0; cuts < 100; cuts += 1) {
      const stream = await client.stream(events, { lastEventId: `${seen.length}` });
      const pieces = Array.from({ length: 1 + below(4) }, () => words[below(words.length)] ?? '');
      for (const piece of pieces) answer.say(piece);
      said += pieces.join('');
      const enough = seen.length + 1 + below(said.length - seen.length);
      while (seen.length < enough) seen += textOf([(await stream.next()) ?? raise()], seen.length);
      stream.leave();
    }
    answer.finish();
    const last = await client.stream(events, { lastEventId: `${seen.length}` });
    seen += textOf(await last.until('reply-end'), seen.length);

    expect(seen).toBe(said);
    expect(textOf(await whole.until('reply-end'))).toBe(said);
    expect(
      (await client.get<ShownReply & { message: ShownMessage }>(`/replies/${id}`)).body.message.text,
    ).toBe(said);
    for (let cuts = 0; cuts < 20; cuts += 1) {
      const from = below(said.length + 1);
      const rest = await (await client.stream(`${events}?after=${from}`)).rest();
      expect(textOf(rest, from)).toBe(said.slice(from));
      expect(rest.at(-1)).toMatchObject({ event: 'reply-end', id: 'end' });
    }
  });

  test('the header goes before the query, as a reader that comes back by itself sends both', async () => {
    const { events, answer } = await ask();
    answer.say('0123456789');
    answer.finish();
    await (await client.stream(events)).until('reply-end');
    const stream = await client.stream(`${events}?after=2`, { lastEventId: '7' });
    expect(textOf(await stream.rest(), 7)).toBe('789');
  });

  test('who has seen the end is told that there is nothing more', async () => {
    const { events, answer } = await ask();
    const early = await client.with({ 'last-event-id': 'end' }).get(events);
    expect(early.body).toMatchObject({ status: 400, code: 'position-invalid' });
    answer.say('all');
    answer.finish();
    await (await client.stream(events)).until('reply-end');
    expect((await client.with({ 'last-event-id': 'end' }).get(events)).status).toBe(204);
  });

  test.each(['99', '-1', '1.5', 'x', '9007199254740993'])('the position %s is refused', async (position) => {
    const { events, answer } = await ask();
    answer.say('short');
    await (await client.stream(events)).until('text-delta');
    const running = await client.with({ 'last-event-id': position }).get(events);
    expect(running.body).toMatchObject({ status: 400, code: 'position-invalid' });
    answer.finish();
    await (await client.stream(events)).until('reply-end');
    expect((await client.get(`${events}?after=${position}`)).body).toMatchObject({
      code: 'position-invalid',
    });
  });

  test('a long text reaches a late reader in pieces that split no character', async () => {
    const { events, answer } = await ask();
    const text = `x${'👋'.repeat(50_000)}`;
    answer.say(text);
    answer.finish();
    await (await client.stream(events)).until('reply-end');
    const rest = await (await client.stream(events)).rest();
    expect(rest.length).toBeGreaterThan(3);
    expect(rest.filter(({ data }) => !data.isWellFormed() || data.includes('\\ud8'))).toEqual([]);
    expect(textOf(rest)).toBe(text);
  });
});

test('a reply that waits says how many are before it, until it is its turn', async () => {
  const { chat, answer } = await ask();
  const next = await client.send(chat, 'and then?');
  const reader = await client.stream(next.reply.events_url.replace('/api/v1', ''));
  expect(await reader.next()).toMatchObject({ event: 'reply-waiting', data: '{"position":1}' });
  answer.finish();
  expect(await reader.next()).toMatchObject({ event: 'reply-waiting', data: '{"position":0}' });
  const second = await ai.asked();
  second.say('then this');
  second.finish();
  const rest = await reader.rest();
  expect(textOf(rest)).toBe('then this');
  expect(rest.at(-1)).toMatchObject({ event: 'reply-end' });
});

describe('how a reply ends', () => {
  test('stopped: what was written stays, the AI is stopped too, and it can be continued', async () => {
    const { id, chat, events, answer } = await ask();
    const reader = await client.stream(events);
    answer.say('one two');
    await reader.next();
    const stopped = await client.post<ShownReply>(`/replies/${id}/stop`);
    expect(stopped.status).toBe(200);
    expect(stopped.body).toMatchObject({
      id,
      state: 'stopped',
      message: { text: 'one two', state: 'stopped' },
    });
    expect(answer.signal.aborted).toBe(true);
    expect(await reader.rest()).toMatchObject([{ event: 'reply-end', id: 'end' }]);
    expect((await client.post(`/replies/${id}/stop`)).body).toMatchObject({ state: 'stopped' });

    const next = await client.post<ShownReply>(`/replies/${id}/continue`);
    expect(next.status).toBe(202);
    expect(next.headers.get('location')).toBe(`/api/v1/replies/${next.body.id}`);
    expect(next.body.id).not.toBe(id);
    const rest = await client.stream(next.body.events_url.replace('/api/v1', ''));
    const more = await ai.asked();
    expect(more.prompt.continues).toBe('one two');
    more.say(' three');
    more.finish();
    expect(textOf(await rest.until('reply-end'))).toBe('one two three');
    const { items } = (await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`)).body;
    expect(items.map(({ text, state }) => [text, state])).toEqual([
      ['go on', 'complete'],
      ['one two three', 'complete'],
    ]);
    expect((await client.post(`/replies/${next.body.id}/continue`)).body).toMatchObject({
      status: 409,
      code: 'reply-not-continuable',
    });
  });

  test('failed: an error with its code, and the text that was there', async () => {
    const { id, events, answer } = await ask();
    const reader = await client.stream(events);
    answer.say('half');
    await reader.next();
    answer.fail(new DomainError('ai-timed-out'));
    const [end] = await reader.rest();
    expect(end).toMatchObject({ event: 'reply-error', id: 'end' });
    expect(dataOf(end)).toMatchObject({
      code: 'ai-timed-out',
      detail: 'The AI service took too long',
      reply: { id, state: 'failed', error_code: 'ai-timed-out' },
      message: { text: 'half', state: 'failed' },
    });
  });

  test('failed without a word: an error and no message', async () => {
    const { events, answer } = await ask();
    answer.fail(new DomainError('ai-unreachable'));
    const end = (await (await client.stream(events)).rest()).at(-1);
    expect(dataOf(end)).toMatchObject({ code: 'ai-unreachable', message: null });
  });

  test('regenerated: another answer to the same message, and the former is listed no longer', async () => {
    const { id, chat, events, answer } = await ask();
    expect((await client.post(`/replies/${id}/regenerate`)).body).toMatchObject({ code: 'reply-running' });
    answer.say('first');
    answer.finish();
    await (await client.stream(events)).until('reply-end');

    const next = await client.post<ShownReply>(`/replies/${id}/regenerate`);
    expect(next.status).toBe(202);
    const again = await ai.asked();
    again.say('second');
    again.finish();
    await (await client.stream(`/replies/${next.body.id}/events`)).until('reply-end');
    const { items } = (await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`)).body;
    expect(items.map(({ text }) => text)).toEqual(['go on', 'second']);
    const found = await client.get<ShownReply>(`/messages/${items[1]?.id}/reply`);
    expect(found.body).toMatchObject({ id: next.body.id, state: 'complete' });
  });

  test("another user's reply is not found, on any route", async () => {
    const { client: stranger } = await newUser(server.url);
    const { id, events } = await ask();
    for (const answer of [
      await stranger.get(`/replies/${id}`),
      await stranger.get(events),
      await stranger.with({ 'last-event-id': 'end' }).get(events),
      await stranger.post(`/replies/${id}/stop`),
      await stranger.post(`/replies/${id}/continue`),
      await stranger.post(`/replies/${id}/regenerate`),
    ]) {
      expect(answer.body).toMatchObject({ status: 404, code: 'reply-not-found' });
    }
    expect((await client.get(`/replies/${id}`)).body).toMatchObject({ state: 'writing' });
  });
});

describe('living rights', () => {
  test.each([
    ['signing out', (user: Client) => user.post('/auth/sign-out')],
    ['signing out everywhere', (user: Client) => user.post('/auth/sign-out', { everywhere: true })],
  ])('%s cuts an open stream within a second, and no frame comes after', async (_how, end) => {
    const { client: user } = await newUser(server.url);
    const { reply } = await user.send(await user.chat(), 'go on');
    const answer = await ai.asked();
    const [one, all] = [await user.stream(`/replies/${reply.id}/events`), await user.stream('/events')];
    answer.say('before');
    await one.until('text-delta');
    await all.until('text-delta');

    expect((await end(user)).status).toBe(204);
    const ended = Date.now();
    answer.say('after');
    expect(textOf(await one.rest(), 6)).toBe('');
    expect((await all.rest()).map(({ data }) => data).join()).not.toContain('after');
    expect(Date.now() - ended).toBeLessThan(1_000);
    answer.finish();
  });

  test('a new password cuts the streams of other logins and spares its own', async () => {
    const { client: user, username, password } = await newUser(server.url);
    const { body } = await new Client(server.url).post<Record<string, string>>('/auth/sign-in', {
      login: username,
      password,
    });
    const other = await new Client(server.url, { authorization: `Bearer ${body['access_token']}` }).stream(
      '/events',
    );
    const own = await user.stream('/events');
    await user.post('/me/password', { current_password: password, new_password: 'next' });
    expect(await other.rest()).toEqual([]);
    const chat = await user.chat();
    expect(dataOf(await own.next())).toMatchObject({ chat: { id: chat } });
    own.leave();
  });
});

describe('on the wire', () => {
  test('a HEAD does not open a stream', async () => {
    const { events, answer } = await ask();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const { authorization } = client.headers;
    socket.write(
      `HEAD /api/v1${events} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
    );
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 405 /);
    answer.finish();
  });

  test('the stream carries the headers of every answer', async () => {
    const { events, answer } = await ask();
    const stream = await client
      .with({ 'x-request-id': 'mine', origin: 'https://chat.example.org' })
      .stream(events);
    const { headers } = stream.response;
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': 'https://chat.example.org',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'mine',
    });
    answer.say('x');
    answer.finish();
    await stream.rest();
  });
});

function raise(): never {
  throw new Error('The stream ended early');
}
