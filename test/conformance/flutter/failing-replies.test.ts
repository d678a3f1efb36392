import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../../support/fake-ai/fake-ai.mjs';
import { openWs } from '../../support/ws-client.ts';
import { keysOf } from '../call.ts';
import { openTarget, type Target } from '../target.ts';
import { createClient, type Client } from './client.ts';

// Somebody else's server has an AI that does not fail when it is told to.
describe.skipIf(!inject('isOurs'))('an AI that takes its time, or fails', () => {
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

  const openChat = async () => {
    const { token } = await client.newUser();
    const chat = await client.newChat(token);
    const send = (content: string) =>
      client.call(`POST /chats/${chat}/messages/`, { token, body: { content } });
    return { token, chat, send };
  };

  it.each([
    ['refused', 'fake:status=401', 503],
    ['took too long', 'fake:fault=hang-before-token', 504],
    ['closed without a word', 'fake:fault=close-before-headers', 503],
  ])('wire README 9: %s: the message stays stored, without an answer', async (_name, text, status) => {
    const { token, chat, send } = await openChat();
    const device = await openWs(target.url, token);
    const answer = await send(text);
    expect([answer.status, keysOf(answer.body)]).toEqual([status, ['detail']]);
    if (status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await client.messages(token, chat)).map(({ sender }) => sender)).toEqual(['user']);
    await device.next('typing');
    expect((await device.next('typing')).data['is_typing']).toBe(false);
    await device.close();
    expect(device.frames.filter(({ type }) => type === 'message')).toHaveLength(1);
  });

  it('wire README 9: broke off: 502, and what it said stays, here and on `/ws`', async () => {
    const { token, chat, send } = await openChat();
    const device = await openWs(target.url, token);
    const answer = await send('fake:fault=cut,at=3,count=9');
    expect([answer.status, keysOf(answer.body)]).toEqual([502, ['detail']]);
    const [, stored] = await client.messages(token, chat);
    expect(stored?.content).toMatch(/\S/);
    const told = await device.next(({ type, data }) => type === 'message' && data['sender'] === 'ai');
    expect(told.data).toMatchObject({ id: stored?.id, content: stored?.content });
    await device.close();
  });

  it('wire "the AI types while a reply is being written": a device that comes later sees it too', async () => {
    const { token, chat, send } = await openChat();
    const first = await openWs(target.url, token);
    const asked = ai.nextRequest();
    const sent = send('fake:count=200,rate=200');
    await asked;
    expect((await first.next('typing')).data).toEqual({ chat_id: chat, sender: 'ai', is_typing: true });
    const late = await openWs(target.url, token);
    expect((await late.next('typing')).data).toEqual({ chat_id: chat, sender: 'ai', is_typing: true });
    expect((await sent).status).toBe(200);
    expect((await late.next('message')).data).toMatchObject({ sender: 'ai' });
    const typing = late.frames.filter(({ type }) => type === 'typing');
    expect(typing.map(({ data }) => data['is_typing'])).toEqual([true, false]);
    await Promise.all([first.close(), late.close()]);
  });

  it('P9: 20 × a login that ends while its reply is written: no frame later than a second', async () => {
    const rounds = Array.from({ length: 20 }, async () => {
      const { token, send } = await openChat();
      const device = await openWs(target.url, token);
      const sent = send('fake:count=400,rate=200');
      await device.next('typing');
      await client.call('POST /api/auth/logout', { token });
      const ended = performance.now();
      expect(await device.closed).toBe(1008);
      expect(performance.now() - ended).toBeLessThan(1_000);
      const known = device.frames.length;
      await sent;
      expect(device.frames).toHaveLength(known);
    });
    await Promise.all(rounds);
    expect(rounds).toHaveLength(20);
  });
});
