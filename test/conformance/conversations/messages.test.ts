import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import { createClient, messageKeys, secrets, type Message } from './client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
let id: number;
beforeAll(async () => {
  ({ cookie } = await client.newUser());
});
beforeEach(async () => {
  id = await client.newConversation(cookie);
});

const send = (body: object, headers: Record<string, string> = {}) =>
  client.call(`POST /api/conversations/${id}/messages`, { cookie, body, headers });
const stored = async () =>
  (await client.conversations(cookie)).find((conversation) => conversation.id === id)?.messages;
const key = () => ({ 'idempotency-key': crypto.randomUUID() });

describe('POST /api/conversations/:conversation_id/messages', () => {
  it('README "Send Message"; wire: 201 with the array of two, the user’s first', async () => {
    const answer = await send({ text: 'What is Python?' });
    expect(answer.status).toBe(201);
    const messages = answer.body as unknown as Message[];
    expect(messages).toEqual([
      {
        id: expect.any(Number) as number,
        sender: 'user',
        text: 'What is Python?',
        created_at: expect.stringMatching(naiveTime) as string,
      },
      {
        id: expect.any(Number) as number,
        sender: 'bot',
        text: expect.stringMatching(/\S/) as string,
        created_at: expect.stringMatching(naiveTime) as string,
      },
    ]);
    for (const message of messages) expect(keysOf(message)).toEqual(messageKeys);
    expect(messages[1]?.id).toBeGreaterThan(messages[0]?.id ?? Infinity);
    expect(await stored()).toEqual(messages);
    expect(answer.text).not.toMatch(secrets);
  });

  it.each([{}, { text: '' }, { text: '  \n' }, { text: null }])(
    'wire "400s": %j is `Text is required` and stores nothing',
    async (body) => {
      const answer = await send(body);
      expect([answer.status, answer.body]).toEqual([400, { error: 'Text is required' }]);
      expect(await stored()).toEqual([]);
    },
  );

  it.each([
    { text: 5 },
    { text: ['a'] },
    { text: 'a\u0000b' },
    { text: '\udc00' },
    { text: 'x'.repeat(200_000) },
  ])('what is no text, or too long, is 400 with one sentence and stores nothing', async (body) => {
    const answer = await send(body);
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    expect(await stored()).toEqual([]);
  });

  it.each([
    '\u{1f600} ü é',
    '<script>alert(1)</script>',
    '  spaces stay  ',
    'line\r\nline\ttab',
    '\\u0000 "quoted"',
  ])('P4: %j is stored byte for byte', async (text) => {
    const [user] = (await send({ text })).body as unknown as Message[];
    expect(user?.text).toBe(text);
    expect((await stored())?.[0]?.text).toBe(text);
  });

  it.each(['Idempotency-Key', 'client_message_id'])(
    'wire README 11: %s makes a send count once',
    async (way) => {
      const name = crypto.randomUUID();
      const again = () =>
        way === 'Idempotency-Key'
          ? send({ text: 'once' }, { 'idempotency-key': name })
          : send({ text: 'once', client_message_id: name });
      const first = await again();
      const second = await again();
      expect([second.status, second.body]).toEqual([201, first.body]);
      expect(await stored()).toHaveLength(2);
    },
  );

  it('P6: other content under the same key is 422', async () => {
    const headers = key();
    await send({ text: 'one' }, headers);
    const answer = await send({ text: 'two' }, headers);
    expect([answer.status, keysOf(answer.body)]).toEqual([422, ['error']]);
    expect(await stored()).toHaveLength(2);
  });

  it('P6: duplicates at once give one message; each answer is it or 409 with Retry-After', async () => {
    const headers = key();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ text: 'once' }, headers)));
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      else expect(answer.status).toBe(201);
    }
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect(await stored()).toHaveLength(2);
  });

  it('P7: sends to one conversation at once are all answered, in one order', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => send({ text })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await stored()).toHaveLength(6);
  });
});
