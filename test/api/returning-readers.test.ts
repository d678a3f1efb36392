import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import {
  type Client,
  dataOf,
  newUser,
  type Page,
  type Sent,
  type ShownMessage,
  type ShownReply,
} from './client.ts';
import { playAi } from './played-ai.ts';

const ai = playAi();
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer(ai);
  ({ client } = await newUser(server.url));
});
afterAll(() => server.close());

const replyTo = ({ message }: Pick<Sent, 'message'>) =>
  client.get<ShownReply>(`/messages/${message.id}/reply`);
const listed = async (chat: string) =>
  (await client.get<Page<ShownMessage>>(`/chats/${chat}/messages`)).body.items;
const ended = async (reply: string) => (await client.stream(`/replies/${reply}/events`)).rest();

describe('an edit under If-Match', () => {
  const partOf = async (message: string) => {
    const { headers, body } = await client.get<ShownMessage>(`/messages/${message}`);
    return {
      etag: headers.get('etag') ?? '',
      text: body.text,
      edit: edit(message, headers.get('etag') ?? ''),
    };
  };
  const edit = (message: string, etag: string) => () =>
    client.with({ 'if-match': etag }).patch(`/messages/${message}`, { text: 'edited' });

  test('never replaces what was written since: to the end, and on from there', async () => {
    const chat = await client.chat();
    const { reply } = await client.send(chat, 'hello');
    const answer = await ai.asked();
    answer.say('one');
    await (await client.stream(`/replies/${reply.id}/events`)).until('text-delta');
    const id = (await listed(chat))[1]?.id ?? '';
    const early = await partOf(id);
    expect(early.text).toBe('one');
    answer.say(' two');
    answer.fail(new DomainError('ai-broke-off'));
    await ended(reply.id);
    expect(await early.edit()).toMatchObject({ status: 412, body: { code: 'revision-stale' } });

    const broken = await partOf(id);
    expect(broken.text).toBe('one two');
    const next = await client.post<ShownReply>(`/replies/${reply.id}/continue`);
    const more = await ai.asked();
    expect(await broken.edit()).toMatchObject({ status: 409, body: { code: 'reply-running' } });
    more.say(' three');
    more.finish();
    await ended(next.body.id);
    expect(await broken.edit()).toMatchObject({ status: 412, body: { code: 'revision-stale' } });
    const whole = await partOf(id);
    expect(whole.text).toBe('one two three');
    expect((await whole.edit()).status).toBe(200);
  });
});

test.each([
  ['cleared', (chat: string) => client.post(`/chats/${chat}/clear`)],
  ['deleted', (chat: string) => client.delete(`/chats/${chat}`)],
])('the streams of replies that wait or are written end when their chat is %s', async (_how, remove) => {
  const chat = await client.chat();
  const writing = await client.send(chat, 'first');
  await ai.asked();
  const waiting = await client.send(chat, 'second');
  const streams = await Promise.all(
    [writing, waiting].map(({ reply }) => client.stream(`/replies/${reply.id}/events`)),
  );
  expect(await streams[1]?.next()).toMatchObject({ event: 'reply-waiting' });
  await remove(chat);
  for (const stream of streams) {
    const end = (await stream.rest()).at(-1);
    expect(end).toMatchObject({ event: 'reply-end', id: 'end' });
    expect(dataOf(end)).toMatchObject({ reply: { state: 'stopped' }, message: null });
  }
});

test('a send that is repeated says so in its headers, as a stream too', async () => {
  const path = `/chats/${await client.chat()}/messages`;
  const caller = client.with({ 'idempotency-key': 'repeated' });
  const sent = await caller.post<Sent>(path, { text: 'once' });
  (await ai.asked()).finish();
  await ended(sent.body.reply.id);
  const stream = await caller.stream(path, { body: { text: 'once' } });
  await stream.rest();
  const { headers } = stream.response;
  expect(headers.get('idempotency-replayed')).toBe('true');
  expect(headers.get('location')).toBe(sent.headers.get('location'));
});

describe('who knows only a question', () => {
  test('finds the reply that waits, and can stop it', async () => {
    const chat = await client.chat();
    await client.send(chat, 'first');
    const answer = await ai.asked();
    const waiting = await client.send(chat, 'second');
    const found = await replyTo(waiting);
    const link = { id: waiting.reply.id, answers_id: waiting.message.id };
    expect(found).toMatchObject({ status: 200, body: { ...link, state: 'waiting' } });
    expect((await client.post(`/replies/${found.body.id}/stop`)).body).toMatchObject({ state: 'stopped' });
    expect((await replyTo(waiting)).body).toMatchObject({ id: waiting.reply.id, state: 'stopped' });
    answer.finish();
  });

  test('finds the reply that failed without a word, asks again, and finds the new one', async () => {
    const chat = await client.chat();
    const sent = await client.send(chat, 'hello');
    (await ai.asked()).fail(new DomainError('ai-unreachable'));
    await ended(sent.reply.id);
    const [question] = await listed(chat);
    const failed = await replyTo({ message: question ?? sent.message });
    expect(failed.body).toMatchObject({ id: sent.reply.id, state: 'failed', message: null });

    const again = await client.post<ShownReply>(`/replies/${failed.body.id}/regenerate`);
    expect(again.status).toBe(202);
    expect((await replyTo(sent)).body.id).toBe(again.body.id);
    const answer = await ai.asked();
    answer.say('Hi');
    answer.finish();
    expect(again.body).toMatchObject({ answers_id: sent.message.id });
    expect(dataOf((await ended(again.body.id)).at(-1))).toMatchObject({
      reply: { answers_id: sent.message.id },
    });
    expect((await replyTo(sent)).body).toMatchObject({ id: again.body.id, state: 'complete' });
  });
});
