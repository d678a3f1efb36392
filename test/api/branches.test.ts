import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, dataOf, newUser, type Page, type Sent, type ShownMessage, textOf } from './client.ts';
import { playAi } from './played-ai.ts';

type Version = ShownMessage & { version: number; versions: number; active: boolean };

const ai = playAi();
let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer(ai);
  ({ client } = await newUser(server.url));
});
afterAll(() => server.close());

async function answer(sent: Sent, words: string): Promise<Sent> {
  const played = await ai.asked();
  played.say(words);
  played.finish();
  await (await client.stream(`/replies/${sent.reply.id}/events`)).until('reply-end');
  return sent;
}
const list = async (chat: string) => (await client.get<Page<Version>>(`/chats/${chat}/messages`)).body.items;
const shown = (items: readonly Version[]) =>
  items.map(({ text, version, versions }) => `${text} ${version}/${versions}`);

describe('branches', () => {
  test('are made, listed and shown again, and other devices are told', async () => {
    const chat = await client.chat();
    const { message } = await answer(await client.send(chat, 'one'), 'first');
    await answer(await client.send(chat, 'two'), 'second');
    const events = await client.stream('/events');

    const made = await client.post<Sent>(`/messages/${message.id}/branches`, { text: 'ONE' });
    expect(made.status).toBe(202);
    expect(made.headers.get('location')).toBe(`/api/v1/replies/${made.body.reply.id}`);
    expect((await client.post(`/messages/${message.id}/activate`)).body).toMatchObject({
      status: 409,
      code: 'reply-running',
    });
    await answer(made.body, 'FIRST');
    expect(shown(await list(chat))).toEqual(['ONE 2/2', 'FIRST 1/1']);

    const { items } = (await client.get<{ items: Version[] }>(`/messages/${message.id}/branches`)).body;
    expect(shown(items)).toEqual(['one 1/2', 'ONE 2/2']);
    expect(items.map(({ active }) => active)).toEqual([false, true]);

    const activated = await client.post(`/messages/${message.id}/activate`);
    expect(activated.body).toMatchObject({ id: chat, message_count: 4, last_message_text: 'second' });
    expect(shown(await list(chat))).toEqual(['one 1/2', 'first 1/1', 'two 1/1', 'second 1/1']);

    await events.until('branch-switched');
    const told = (await events.until('branch-switched')).at(-1);
    expect(dataOf(told)).toEqual({ chat: activated.body, after_id: null });
    events.leave();
  });

  test('of an answer stream as a send does, and are made once under a key', async () => {
    const chat = await client.chat();
    await answer(await client.send(chat, 'one'), 'first');
    await answer(await client.send(chat, 'two'), 'second');
    const former = (await list(chat))[1]?.id ?? '';
    const caller = client.with({ 'idempotency-key': 'anew' });
    const stream = await caller.stream(`/messages/${former}/branches`, { body: {} });
    const sent = dataOf<Sent>(await stream.next());
    expect(sent.message.text).toBe('one');
    const played = await ai.asked();
    expect(played.prompt.turns).toEqual([{ role: 'user', text: 'one' }]);
    played.say('anew');
    played.finish();
    expect(textOf(await stream.rest())).toBe('anew');
    const again = await caller.post<Sent>(`/messages/${former}/branches`, {});
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.reply.id).toBe(sent.reply.id);
    expect(shown(await list(chat))).toEqual(['one 1/1', 'anew 2/2']);
  });

  test.each([
    ['a text that is empty', 0, { text: ' ' }, 'text-empty'],
    ['a field that does not exist', 0, { colour: 'red' }, 'field-invalid'],
    ['words for the assistant', 1, { text: 'say this' }, 'field-invalid'],
    [
      'a file that is not there',
      0,
      { attachment_ids: ['0198c0de-0000-7000-8000-000000000005'] },
      'attachment-not-found',
    ],
  ])('are refused with %s, and nothing changes', async (_what, place, body, code) => {
    const chat = await client.chat();
    await answer(await client.send(chat, 'one'), 'first');
    const before = await list(chat);
    const refused = await client.post(`/messages/${before[place]?.id}/branches`, body);
    expect(refused.body).toMatchObject({ code });
    expect(await list(chat)).toEqual(before);
  });
});
