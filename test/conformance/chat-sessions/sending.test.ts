import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { keysOf, naiveTime } from '../call.ts';
import { createClient, type Message, messageKeys, secrets, type Session } from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
let session: number;
let path: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
});
beforeEach(async () => {
  session = await client.newSession(token);
  path = `/chat/sessions/${session}/messages`;
});

const send = (body: unknown, headers: Record<string, string> = {}) =>
  client.call(`POST ${path}`, { token, body, headers });
const stored = () => client.messagesOf(token, session);
const dataOf = (answer: { body: Record<string, unknown> }) => answer.body['message_data'] as Message;
const count = async () => {
  const { body } = await client.call(`GET /chat/sessions/${session}`, { token });
  return (body['session'] as Session).message_count;
};

describe('POST /chat/sessions/:session_id/messages', () => {
  it('README "Send Message"; wire: 201 `{message, message_data: M}`, exactly one message', async () => {
    const answer = await send({ text: 'Hello, this is a message!', sender: 'user' });
    expect([answer.status, keysOf(answer.body)]).toEqual([201, ['message', 'message_data']]);
    expect(answer.body['message']).toBe('Message sent successfully');
    const message = dataOf(answer);
    expect(keysOf(message)).toEqual(messageKeys);
    expect(message).toEqual({
      id: expect.any(Number) as number,
      text: 'Hello, this is a message!',
      sender: 'user',
      session_id: session,
      created_at: expect.stringMatching(naiveTime) as string,
      updated_at: message.created_at,
      is_deleted: false,
      timestamp: message.created_at,
    });
    expect(Number.isInteger(message.id)).toBe(true);
    expect(answer.text).not.toMatch(secrets);
    expect(await stored()).toEqual([message]);
    expect(await count()).toBe(1);
  });

  it.each([
    ['user', 'user'],
    ['ai', 'ai'],
    [undefined, 'user'],
    [null, 'user'],
  ])('wire "`sender` is `user` or `ai` as given": %j is stored as %s', async (given, sender) => {
    const answer = await send({ text: 'hello', ...(given === undefined ? {} : { sender: given }) });
    expect([answer.status, dataOf(answer).sender]).toEqual([201, sender]);
    expect((await stored()).map((message) => message.sender)).toEqual([sender]);
  });

  it.each([
    [{ name: 'x' }, 'Plan my trip to Lisbon'],
    [{ title: 'My own' }, 'My own'],
  ])(
    'a session that a greeting opens is named by what its user says first: made of %j',
    async (body, title) => {
      const made = await client.call('POST /chat/sessions', { token, body });
      const { id } = made.body['session'] as Session;
      path = `/chat/sessions/${id}/messages`;
      await send({ text: 'Welcome! How can I help?', sender: 'ai' });
      await send({ text: 'Plan my trip to Lisbon' });
      await send({ text: 'in May' });
      const read = await client.call(`GET /chat/sessions/${id}`, { token });
      expect((read.body['session'] as Session).title).toBe(title);
    },
  );

  it.each(['bot', 'assistant', 'USER', '', 5])('wire "Sender must be …": %j', async (sender) => {
    const answer = await send({ text: 'hello', sender });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Sender must be "user" or "ai"' }]);
    expect(await stored()).toEqual([]);
  });

  it.each([
    [{ text: '' }],
    [{ text: ' \n' }],
    [{ text: null }],
    [{ text: 5 }],
    [{ sender: 'user' }],
    [{ text: '<b></b>' }],
  ])('wire "Message cannot be empty": %j stores nothing', async (body) => {
    const answer = await send(body);
    expect([answer.status, answer.body]).toEqual([400, { error: 'Message cannot be empty' }]);
    expect(await stored()).toEqual([]);
  });

  it('wire "`Request body is required`"', async () => {
    for (const answer of [await send({}), await client.call(`POST ${path}`, { token })]) {
      expect([answer.status, answer.body]).toEqual([400, { error: 'Request body is required' }]);
    }
  });

  it.each(['x', '\u{1f600}', '漢'])('README "Maximum 5000 characters", of %s', async (character) => {
    const longest = await send({ text: character.repeat(5000) });
    expect([longest.status, dataOf(longest).text]).toEqual([201, character.repeat(5000)]);
    const answer = await send({ text: character.repeat(5001) });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Message cannot exceed 5000 characters' }]);
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    '\u{1f600} ü é 漢字',
    '  spaces stay  ',
    'line\r\nline\ttab',
    '\\u0000 "quoted" \'single\'',
    '1 < 2 && 3 > 2; a<b',
    'I <3 "javascript" and one = 1',
    "'); drop table messages; --",
    '&lt;b&gt; &amp;',
  ])('wire "stored byte for byte": %j', async (text) => {
    expect(dataOf(await send({ text })).text).toBe(text);
    expect((await stored()).map((message) => message.text)).toEqual([text]);
  });

  it.each([
    ['Hello <b>world</b>!', 'Hello world!'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<scr<b>ipt>alert(1)</scr</b>ipt>', 'alert(1)'],
    ['<!-- note -->text<br/>', 'text'],
  ])('wire "HTML tags are stripped from text": %j', async (text, inert) => {
    expect(dataOf(await send({ text })).text).toBe(inert);
  });

  it.each([
    'javascript:alert(1)',
    '<a href="JAVASCRIPT:alert(1)">x</a>',
    '<img src=x onerror=alert(1)>',
    'onclick=alert(1)',
    '<iframe src="https://example.com"></iframe>',
    '<object data="x"></object>',
    '<embed src="x">',
    'java<b></b>script:alert(1)',
  ])('wire "Message contains inappropriate content": %j stores nothing', async (text) => {
    const answer = await send({ text });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Message contains inappropriate content' }]);
    expect(await stored()).toEqual([]);
  });

  it.each(['a\u0000b', '\ud800', 'x\udc00'])('P4: %j is refused, never altered', async (text) => {
    const answer = await send({ text });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    expect(await stored()).toEqual([]);
  });

  it('wire `"reply": true`: this server answers, `ai_message: M` beside `message_data`', async () => {
    const answer = await send({ text: 'What is Python?', sender: 'user', reply: true });
    expect([answer.status, keysOf(answer.body)]).toEqual([201, ['ai_message', 'message', 'message_data']]);
    const reply = answer.body['ai_message'] as Message;
    expect(keysOf(reply)).toEqual(messageKeys);
    expect(reply).toMatchObject({ sender: 'ai', session_id: session });
    expect(reply.text).toMatch(/\S/);
    expect(await stored()).toEqual([dataOf(answer), reply]);
    expect(await count()).toBe(2);
  });

  it.each([{ sender: 'ai', reply: true }, { reply: false }, {}])(
    'wire "user messages only", and only when asked: %j stores one message',
    async (extra) => {
      const answer = await send({ text: 'hello', ...extra });
      expect([answer.status, keysOf(answer.body)]).toEqual([201, ['message', 'message_data']]);
      expect(await stored()).toHaveLength(1);
    },
  );

  it.each(['Idempotency-Key', 'client_message_id'])(
    'wire README 11: %s makes a send count once',
    async (way) => {
      const name = crypto.randomUUID();
      for (const extra of [{}, { reply: true }]) {
        const key = `${name}${Object.keys(extra).length}`;
        const again = () =>
          way === 'Idempotency-Key'
            ? send({ text: 'once', ...extra }, { 'idempotency-key': key })
            : send({ text: 'once', client_message_id: key, ...extra });
        const first = await again();
        const second = await again();
        expect(first.status).toBe(201);
        expect([second.status, second.body]).toEqual([first.status, first.body]);
      }
      expect(await stored()).toHaveLength(3);
    },
  );

  it('P6: other content under the same key is 422', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    await send({ text: 'one' }, headers);
    for (const body of [{ text: 'two' }, { text: 'one', sender: 'ai' }]) {
      const answer = await send(body, headers);
      expect([answer.status, keysOf(answer.body)]).toEqual([422, ['error']]);
    }
    expect(await stored()).toHaveLength(1);
  });

  it('P7: 20 at once are all stored, in one order', async () => {
    const texts = Array.from({ length: 20 }, (_none, at) => `message ${at}`);
    const answers = await Promise.all(texts.map((text) => send({ text })));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    const messages = await stored();
    expect(messages.map(({ text }) => text).toSorted()).toEqual(texts.toSorted());
    expect(messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted((a, b) => a - b));
    expect(await count()).toBe(20);
  });
});
