import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createCall } from '../call.ts';
import { createClient, json, newName, type Page, password, type Session, type Tokens } from './client.ts';

const client = createClient(inject('sharedUrl'));
const v1 = createCall(inject('sharedUrl'));

/** What the scripts that come with this backend do, in their order. */
describe('a script that tests the chat', () => {
  const username = newName();
  let token = '';
  let session = 0;
  const step = async (route: string, body?: unknown) => {
    const answer = await client.call(route, { token, body, headers: json });
    return { status: answer.status, body: answer.body };
  };

  it('registers, or finds that it is registered, and logs in', async () => {
    const body = { username, email: `${username}@example.com`, password };
    expect((await step('POST /auth/register', body)).status).toBe(201);
    expect((await step('POST /auth/register', body)).status).toBe(409);
    const { body: answer } = await step('POST /auth/login', { username, password });
    token = (answer['tokens'] as Tokens).access_token;
    expect((await step('GET /auth/verify')).status).toBe(200);
  });

  it('counts the messages that it sends: no reply comes between', async () => {
    session = ((await step('POST /chat/sessions', { title: 'Test Session' })).body['session'] as Session).id;
    for (const [index, sender] of ['user', 'ai', 'user', 'ai', 'user'].entries()) {
      const sent = await step(`POST /chat/sessions/${session}/messages`, {
        text: `message ${index}`,
        sender,
      });
      expect(sent.status).toBe(201);
    }
    const { body } = await step(`GET /chat/sessions/${session}/messages`);
    const messages = body['messages'] as { text: string; sender: string }[];
    expect(messages.map(({ text, sender }) => `${sender}: ${text}`)).toEqual([
      'user: message 0',
      'ai: message 1',
      'user: message 2',
      'ai: message 3',
      'user: message 4',
    ]);
    expect((body['pagination'] as Page).total).toBe(5);
  });

  it('pages through them', async () => {
    for (const [page, length, has_next] of [
      [1, 2, true],
      [2, 2, true],
      [3, 1, false],
      [4, 0, false],
    ] as const) {
      const { body } = await step(`GET /chat/sessions/${session}/messages?page=${page}&per_page=2`);
      expect(body['messages']).toHaveLength(length);
      expect(body['pagination']).toMatchObject({ page, per_page: 2, total: 5, pages: 3, has_next });
    }
  });

  it('asks for what must be refused', async () => {
    expect((await step('GET /chat/sessions?page=0')).status).toBe(400);
    expect((await step('GET /chat/sessions?per_page=0')).status).toBe(400);
    expect((await step('GET /chat/sessions?per_page=1000')).status).toBe(400);
    expect((await step('GET /chat/sessions?page=abc')).status).toBe(200);
    expect((await step('GET /chat/sessions/999999999')).status).toBe(404);
    expect((await step(`POST /chat/sessions/${session}/messages`, { text: '', sender: 'user' })).status).toBe(
      400,
    );
    expect((await step(`POST /chat/sessions/${session}/messages`, { text: 'x', sender: 'bot' })).status).toBe(
      400,
    );
    expect((await step(`POST /chat/sessions/${session}/messages`, { text: 'x'.repeat(5001) })).status).toBe(
      400,
    );
  });

  it('tidies up and logs out', async () => {
    expect((await step(`DELETE /chat/sessions/${session}/messages`)).status).toBe(200);
    expect((await step(`GET /chat/sessions/${session}`)).body['session']).toMatchObject({ message_count: 0 });
    expect((await step(`DELETE /chat/sessions/${session}`)).status).toBe(200);
    expect((await step(`GET /chat/sessions/${session}`)).status).toBe(404);
    expect((await step('POST /auth/logout')).status).toBe(200);
    expect((await step('GET /auth/profile')).status).toBe(401);
  });
});

describe.skipIf(!inject('isOurs'))('wire "announce the change to the user’s connected devices"', () => {
  let token = '';
  beforeAll(async () => {
    ({ token } = await client.newUser());
  });

  it('every change stands in the feed, in order', async () => {
    const abort = new AbortController();
    const feed = await fetch(`${inject('sharedUrl')}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: abort.signal,
    });
    expect(feed.status).toBe(200);
    const id = await client.newSession(token, 'watched');
    const said = await client.say(token, id, { text: 'hello' });
    const path = `/chat/sessions/${id}`;
    await client.call(`PUT ${path}`, { token, body: { title: 'renamed' } });
    await client.call(`PUT ${path}/messages/${said.id}`, { token, body: { text: 'changed' } });
    await client.call(`DELETE ${path}/messages/${said.id}`, { token });
    await client.call(`DELETE ${path}/messages`, { token });
    await client.call(`DELETE ${path}`, { token });

    const seen: string[] = [];
    let text = '';
    for await (const chunk of feed.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      seen.splice(0, seen.length, ...[...text.matchAll(/^event: (.+)$/gm)].map(([, event]) => event ?? ''));
      if (seen.includes('chat-deleted')) break;
    }
    abort.abort();
    expect(seen.filter((event) => /^(chat|message)-/.test(event))).toEqual([
      'chat-created',
      'message-created',
      'chat-updated',
      'message-updated',
      'message-deleted',
      'chat-cleared',
      'chat-deleted',
    ]);
    expect((await v1('GET /api/v1/chats', { token })).body['items']).toEqual([]);
  });
});
