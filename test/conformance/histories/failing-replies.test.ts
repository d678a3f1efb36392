import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createFakeAi, type FakeAi, unreachableUrl } from '../../support/fake-ai/fake-ai.mjs';
import { openTarget, type Target } from '../target.ts';
import { keysOf } from '../call.ts';
import { createClient, type Client, type Message } from './client.ts';

const openAi = (url: string) => ({
  AI_PROVIDER: 'openai',
  OPENAI_BASE_URL: url,
  AI_MODEL: 'any',
  AI_RETRIES: '0',
  AI_FIRST_TOKEN_TIMEOUT_MS: '1000',
  AI_IDLE_TIMEOUT_MS: '1000',
});

/** A user's chat on a server, with what the tests do in it. */
async function openChat(client: Client) {
  const { token } = await client.newUser();
  const chatId = await client.newChat(token, 'talk');
  const path = `/api/messages/${chatId}`;
  return {
    token,
    path: `${path}/send`,
    send: (text: string, headers: Record<string, string> = {}) =>
      client.call(`POST ${path}/send`, { token, headers, body: { text } }),
    messages: async () => (await client.call(`GET ${path}/messages`, { token })).body as unknown as Message[],
  };
}

// Somebody else's server has an AI that does not fail when it is told to.
describe.skipIf(!inject('isOurs'))('wire README 9: a reply that fails', () => {
  let ai: FakeAi;
  let target: Target;
  let client: Client;
  beforeAll(async () => {
    ai = await createFakeAi();
    target = await openTarget(openAi(ai.url));
    client = createClient(target.url);
  });
  afterAll(async () => {
    await target.close();
    await ai.close();
  });

  it.each([
    ['refused with 401', 'fake:status=401', 503],
    ['refused with 429', 'fake:status=429', 503],
    ['took too long', 'fake:fault=hang-before-token', 504],
    ['closed without a word', 'fake:fault=close-before-headers', 503],
  ])('an AI that %s: the message stays stored, without an answer', async (_name, text, status) => {
    const { send, messages } = await openChat(client);
    const answer = await send(text);
    expect([answer.status, keysOf(answer.body)]).toEqual([status, ['error']]);
    if (status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await messages()).map((message) => [message.text, message.sender])).toEqual([[text, 'user']]);
  });

  it('an AI that broke off is 502; what it said stays', async () => {
    const { send, messages } = await openChat(client);
    const answer = await send('fake:fault=cut,at=3,count=9');
    expect([answer.status, keysOf(answer.body)]).toEqual([502, ['error']]);
    const [user, bot] = await messages();
    expect([user?.sender, bot?.sender]).toEqual(['user', 'bot']);
    expect(bot?.text).toMatch(/\S/);
  });

  it('an AI that cannot be reached is 503 with Retry-After; the message stays stored', async () => {
    const lonely = await openTarget(openAi(await unreachableUrl()));
    const { send, messages } = await openChat(createClient(lonely.url));
    const answer = await send('hello');
    expect([answer.status, keysOf(answer.body)]).toEqual([503, ['error']]);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await messages()).toHaveLength(1);
    await lonely.close();
  });

  it('P6: a duplicate of a send that is still being answered is 409 with Retry-After', async () => {
    const { send, messages } = await openChat(client);
    const text = 'fake:fault=hang-between-tokens,at=2';
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const before = ai.requests.length;
    const asked = ai.nextRequest();
    const first = send(text, headers);
    await asked;
    const duplicate = await send(text, headers);
    expect([duplicate.status, keysOf(duplicate.body)]).toEqual([409, ['error']]);
    expect(duplicate.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

    // Once it has ended, a duplicate gets the first answer.
    const ended = await first;
    const late = await send(text, headers);
    expect([late.status, late.body]).toEqual([ended.status, ended.body]);
    expect(ai.requests.length).toBe(before + 1);
    expect((await messages()).filter(({ sender }) => sender === 'user')).toHaveLength(1);
  });

  it('a client that goes away ends only its waiting: the reply is written to its end', async () => {
    const { token, path, messages } = await openChat(client);
    const abort = new AbortController();
    const asked = ai.nextRequest();
    const gone = fetch(target.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"text":"fake:count=20,rate=100"}',
      signal: abort.signal,
    });
    const { ended } = await asked;
    abort.abort();
    await expect(gone).rejects.toThrow();
    expect(await ended).toBe('answered');
    await expect.poll(async () => (await messages())[1]?.text.split(' ').length).toBeGreaterThan(15);
  });
});
