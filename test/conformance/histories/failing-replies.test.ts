import { afterEach, describe, expect, it } from 'vitest';
import { createFakeAi, type FakeAi, type FakeAiOptions, unreachableUrl } from '../../support/fake-ai/fake-ai.mjs';
import { givenUrl, openTarget, type Target } from '../target.ts';
import { createClient, keysOf, type Message } from './client.ts';

let target: Target | undefined;
let ai: FakeAi | undefined;
afterEach(async () => {
  await target?.close();
  await ai?.close();
  target = ai = undefined;
});

/** A server of our own whose AI behaves as told. */
async function start(script: FakeAiOptions['script'], env: Record<string, string> = {}) {
  ai = await createFakeAi(script ? { script } : {});
  target = await openTarget({
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: ai.url,
    AI_MODEL: 'fake',
    AI_RETRIES: '0',
    ...env,
  });
  const client = createClient(target.url);
  const { token } = await client.newUser();
  const chatId = await client.newChat(token, 'talk');
  const send = (headers: Record<string, string> = {}) =>
    client.call(`POST /api/messages/${chatId}/send`, { token, headers, body: { text: 'hello' } });
  const messages = async () =>
    (await client.call(`GET /api/messages/${chatId}/messages`, { token })).body as unknown as Message[];
  return { ai, client, token, send, messages };
}

// Somebody else's server has an AI that does not fail when it is told to.
describe.skipIf(givenUrl !== undefined)('wire README 9: a reply that fails', () => {
  it('503 with Retry-After when the AI could not be reached; the message stays stored', async () => {
    const { send, messages } = await start(undefined, { OPENAI_BASE_URL: await unreachableUrl() });
    const answer = await send();
    expect([answer.status, keysOf(answer.body)]).toEqual([503, ['error']]);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await messages()).map(({ text, sender }) => [text, sender])).toEqual([['hello', 'user']]);
  });

  it.each([401, 429])('503 with Retry-After when the AI refused with %i', async (status) => {
    const { send, messages } = await start({ status });
    const answer = await send();
    expect([answer.status, keysOf(answer.body)]).toEqual([503, ['error']]);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await messages()).toHaveLength(1);
  });

  it('502 when it broke off; what was said stays', async () => {
    const { send, messages } = await start({ fault: 'cut', at: 3, count: 9 });
    const answer = await send();
    expect([answer.status, keysOf(answer.body)]).toEqual([502, ['error']]);
    const [user, bot] = await messages();
    expect([user?.text, user?.sender, bot?.sender]).toEqual(['hello', 'user', 'bot']);
    expect(bot?.text).not.toBe('');
  });

  it('504 when it took too long', async () => {
    const { send, messages } = await start({ fault: 'hang-before-token' }, { AI_FIRST_TOKEN_TIMEOUT_MS: '100' });
    const answer = await send();
    expect([answer.status, keysOf(answer.body)]).toEqual([504, ['error']]);
    expect(await messages()).toHaveLength(1);
  });

  it('P6: a duplicate of a send that is still being answered is 409 with Retry-After', async () => {
    const { ai: vendor, send, messages } = await start({ fault: 'hang-between-tokens', at: 2 }, { AI_IDLE_TIMEOUT_MS: '1500' });
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const asked = vendor.nextRequest();
    const first = send(headers);
    await asked;
    const duplicate = await send(headers);
    expect([duplicate.status, keysOf(duplicate.body)]).toEqual([409, ['error']]);
    expect(duplicate.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

    // Once it has ended, a duplicate gets the first answer.
    const ended = await first;
    const late = await send(headers);
    expect([late.status, late.body]).toEqual([ended.status, ended.body]);
    expect(vendor.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect((await messages()).filter(({ sender }) => sender === 'user')).toHaveLength(1);
  });

  it('a client that goes away ends only its waiting: the reply is written to its end', async () => {
    const { ai: vendor, client, token, messages } = await start({ count: 20, rate: 50 });
    const abort = new AbortController();
    const asked = vendor.nextRequest();
    const [chat] = (await client.call('GET /api/chat/histories', { token })).body as unknown as { id: number }[];
    const gone = fetch(`${target?.url}/api/messages/${chat?.id}/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"text":"hello"}',
      signal: abort.signal,
    });
    const { ended } = await asked;
    abort.abort();
    await expect(gone).rejects.toThrow();
    expect(await ended).toBe('answered');
    await expect.poll(async () => (await messages())[1]?.text.split(' ').length).toBeGreaterThan(15);
  });
});
