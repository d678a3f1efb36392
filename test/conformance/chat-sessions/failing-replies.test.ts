import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../../support/fake-ai/fake-ai.mjs';
import { keysOf } from '../call.ts';
import { openTarget, type Target } from '../target.ts';
import { type Client, createClient } from './client.ts';

// Somebody else's server has an AI that does not fail when it is told to.
describe.skipIf(!inject('isOurs'))('wire README 9: a reply that was asked for, and fails', () => {
  let ai: FakeAi;
  let target: Target;
  let client: Client;
  beforeAll(async () => {
    ai = await createFakeAi();
    target = await openTarget({
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'any',
      AI_RETRIES: '0',
      AI_FIRST_TOKEN_TIMEOUT_MS: '1000',
      AI_IDLE_TIMEOUT_MS: '1000',
    });
    client = createClient(target.url);
  });
  afterAll(async () => {
    await target.close();
    await ai.close();
  });

  async function openSession() {
    const { token } = await client.newUser();
    const session = await client.newSession(token);
    return {
      send: (body: object) => client.call(`POST /chat/sessions/${session}/messages`, { token, body }),
      stored: async () =>
        (await client.messagesOf(token, session)).map(({ sender, text }) => ({ sender, text })),
    };
  }

  it.each([
    ['refused', 'fake:status=401', 503],
    ['took too long', 'fake:fault=hang-before-token', 504],
    ['closed without a word', 'fake:fault=close-before-headers', 503],
  ])('an AI that %s: the message stays stored, without an answer', async (_name, text, status) => {
    const { send, stored } = await openSession();
    const answer = await send({ text, reply: true });
    expect([answer.status, keysOf(answer.body)]).toEqual([status, ['error']]);
    if (status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await stored()).toEqual([{ sender: 'user', text }]);
  });

  it('an AI that broke off is 502; what it said stays', async () => {
    const { send, stored } = await openSession();
    const answer = await send({ text: 'fake:fault=cut,at=3,count=9', reply: true });
    expect([answer.status, keysOf(answer.body)]).toEqual([502, ['error']]);
    expect(await stored()).toMatchObject([
      { sender: 'user' },
      { sender: 'ai', text: expect.stringMatching(/\S/) as string },
    ]);
  });

  it('whoever asks for no reply does not notice', async () => {
    const { send, stored } = await openSession();
    expect((await send({ text: 'fake:status=500' })).status).toBe(201);
    expect(await stored()).toHaveLength(1);
  });

  it('an answer of the client’s own waits for the one that is being written: 409 with Retry-After', async () => {
    const { send, stored } = await openSession();
    const asked = ai.nextRequest();
    const first = send({ text: 'fake:count=20,rate=100', reply: true });
    await asked;
    const own = await send({ text: 'my own answer', sender: 'ai' });
    expect([own.status, keysOf(own.body)]).toEqual([409, ['error']]);
    expect(own.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await first).status).toBe(201);
    expect(await stored()).toHaveLength(2);
  });
});
