import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { jpegOf, pngOf } from '../../support/made-images.ts';
import { keysOf, naiveTime } from '../call.ts';
import { createClient, messageKeys, secrets } from './client.ts';

const png = pngOf({ width: 2, height: 2 }).toString('base64');
const jpeg = jpegOf({ width: 2, height: 2 }).toString('base64');
/** As large as a telephone takes them. */
const photo = Buffer.concat([jpegOf({ width: 4_000, height: 3_000 }), Buffer.alloc(4 * 1024 * 1024)]);
const photoUrl = `data:image/jpeg;base64,${photo.toString('base64')}`;

const client = createClient(inject('sharedUrl'));
let token: string;
let userId: number;
let chatId: number;
beforeAll(async () => {
  ({ token, id: userId } = await client.newUser());
});
beforeEach(async () => {
  chatId = await client.newChat(token);
});

const send = (body: object, headers: Record<string, string> = {}) =>
  client.call(`POST /api/messages/${chatId}/send`, { token, body, headers });
const storedMessages = async () =>
  (await client.call(`GET /api/messages/${chatId}/messages`, { token })).body as unknown as {
    text: string;
  }[];
const key = () => ({ 'idempotency-key': crypto.randomUUID() });

describe('POST /api/messages/:chat_id/send', () => {
  it('README "Send Message (with AI Response)": both messages; wire: their superset', async () => {
    const answer = await send({ text: 'What is Python?', image_url: null });
    expect(answer.status).toBe(200);
    expect(keysOf(answer.body)).toEqual(['ai_message', 'ai_response', 'user_message']);
    expect(answer.body['ai_message']).toEqual(answer.body['ai_response']);
    const user = answer.body['user_message'] as Record<string, unknown>;
    const bot = answer.body['ai_response'] as Record<string, unknown>;
    expect(user).toMatchObject({ text: 'What is Python?', sender: 'user', image_url: null });
    expect(bot).toMatchObject({ sender: 'bot', text: expect.stringMatching(/\S/) as string });
    for (const message of [user, bot]) {
      expect(keysOf(message)).toEqual(messageKeys);
      expect(message).toMatchObject({
        chat_id: chatId,
        user_id: userId,
        who: message['sender'],
        image: message['image_url'],
        time: message['created_at'],
        created_at: expect.stringMatching(naiveTime) as string,
      });
    }
    expect(bot['id']).toBeGreaterThan(user['id'] as number);
    expect(await storedMessages()).toEqual([user, bot]);
    expect(answer.text).not.toMatch(secrets);
  });

  it.each([
    [{ text: 'typed', voice_text: 'spoken' }, 'typed [Voice: spoken]'],
    [{ text: 'typed', voice_text: '' }, 'typed'],
    [{ text: 'typed', voice_text: null }, 'typed'],
    [{ voice_text: 'spoken' }, '[Voice: spoken]'],
  ])('wire "text and voice_text together": %j', async (body, text) => {
    const answer = await send(body);
    expect(answer.body['user_message']).toMatchObject({ text });
  });

  it.each([
    [{ text: 'look', image_url: 'https://example.com/a.png' }, 'https://example.com/a.png'],
    [{ text: 'look', image: `data:image/png;base64,${png}` }, `data:image/png;base64,${png}`],
    [{ image: png }, `data:image/png;base64,${png}`],
    [{ image: jpeg }, `data:image/jpeg;base64,${jpeg}`],
  ])('wire "message: image_url, image (= image_url)": %j', async (body, image) => {
    const answer = await send(body);
    expect(answer.body['user_message']).toMatchObject({ image_url: image, image });
  });

  it.each([
    ['a data URL', photoUrl],
    ['base64', photo.toString('base64')],
  ])('a photograph of 4 MiB as %s is taken, and is there in every list', async (_name, image) => {
    const answer = await send({ text: 'look', image });
    expect(answer.status).toBe(200);
    const chat = await client.call(`GET /api/chat/${chatId}`, { token });
    const [listed] = (await storedMessages()) as unknown[];
    for (const message of [answer.body['user_message'], listed, (chat.body['messages'] as unknown[])[0]]) {
      expect(keysOf(message)).toEqual(messageKeys);
      const { image: shown, image_url: same } = message as Record<string, string>;
      // A comparison of its own: the difference of two photographs is nothing to print.
      expect([shown === photoUrl, same === photoUrl]).toEqual([true, true]);
    }
  });

  it.each([
    [{}],
    [{ text: '' }],
    [{ text: '  \n' }],
    [{ text: null }],
    [{ image_url: null, voice_text: '' }],
  ])('wire "missing fields": %j is 400 and stores nothing', async (body) => {
    const answer = await send(body);
    expect([answer.status, answer.body]).toEqual([400, { error: 'Missing required fields' }]);
    expect(await storedMessages()).toEqual([]);
  });

  it.each([
    [{ text: 5 }],
    [{ text: ['a'] }],
    [{ text: 'a\u0000b' }],
    [{ text: '\udc00' }],
    [{ text: 'x', image: '<b>' }],
  ])('%j is 400 with one sentence and stores nothing', async (body) => {
    const answer = await send(body);
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    expect(await storedMessages()).toEqual([]);
  });

  it.each([
    '\u{1f600} ü é',
    '<script>alert(1)</script>',
    '  spaces stay  ',
    'line\r\nline\ttab',
    '\\u0000 "quoted"',
  ])('P4: %j is stored byte for byte', async (text) => {
    const answer = await send({ text });
    expect(answer.body['user_message']).toMatchObject({ text });
    expect((await storedMessages())[0]?.text).toBe(text);
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
      expect([second.status, second.body]).toEqual([first.status, first.body]);
      expect(await storedMessages()).toHaveLength(2);
    },
  );

  it('P6: other content under the same key is 422', async () => {
    const headers = key();
    await send({ text: 'one' }, headers);
    const answer = await send({ text: 'two' }, headers);
    expect([answer.status, keysOf(answer.body)]).toEqual([422, ['error']]);
    expect(await storedMessages()).toHaveLength(2);
  });

  it('P6: duplicates at once give one message; each answer is it or 409 with Retry-After', async () => {
    const headers = key();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ text: 'once' }, headers)));
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      else expect(answer.status).toBe(200);
    }
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await storedMessages()).toHaveLength(2);
  });

  it('P7: sends to one chat at once are all answered, in one order', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => send({ text })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await storedMessages()).toHaveLength(6);
  });
});

describe('POST /api/messages/:chat_id/send-image-query', () => {
  const ask = (body: object) => client.call(`POST /api/messages/${chatId}/send-image-query`, { token, body });

  it.each([
    [{ image: png, query: 'what?' }, 'what?'],
    [{ image: png }, ''],
  ])('wire: %j is 201 with `user_message`, `ai_message`', async (body, text) => {
    const answer = await ask(body);
    expect([answer.status, keysOf(answer.body)]).toEqual([201, ['ai_message', 'user_message']]);
    expect(keysOf(answer.body['user_message'])).toEqual(messageKeys);
    expect(answer.body['user_message']).toMatchObject({
      text,
      sender: 'user',
      image: `data:image/png;base64,${png}`,
    });
    expect(answer.body['ai_message']).toMatchObject({
      sender: 'bot',
      text: expect.stringMatching(/\S/) as string,
    });
  });

  it('a photograph of 4 MiB is taken', async () => {
    const answer = await ask({ image: photoUrl, query: 'what?' });
    expect(answer.status).toBe(201);
    expect((answer.body['user_message'] as Record<string, string>)['image'] === photoUrl).toBe(true);
  });

  it.each([[{}], [{ query: 'x' }], [{ image: '' }], [{ image: null }]])(
    'wire "missing → 400 `Image data required`": %j',
    async (body) => {
      const answer = await ask(body);
      expect([answer.status, answer.body]).toEqual([400, { error: 'Image data required' }]);
    },
  );
});

describe('GET /api/messages/:chat_id/messages', () => {
  it('README "Get All Messages in Chat": an array, ascending', async () => {
    expect(await storedMessages()).toEqual([]);
    const one = await client.send(token, chatId, 'Hello');
    const two = await client.send(token, chatId, 'And now?');
    expect(await storedMessages()).toEqual([one.user, one.bot, two.user, two.bot]);
  });

  it('has all messages, however many', async () => {
    for (let at = 0; at < 51; at += 1) await client.send(token, chatId, `message ${at}`);
    const texts = (await storedMessages()).filter((_message, at) => at % 2 === 0).map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 51 }, (_none, at) => `message ${at}`));
  });
});

describe('DELETE /api/messages/:message_id', () => {
  it('README "Delete Message": the sentence, and it is gone', async () => {
    const { user, bot } = await client.send(token, chatId, 'Hello');
    const answer = await client.call(`DELETE /api/messages/${user.id}`, { token });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Message deleted successfully' }]);
    expect(await storedMessages()).toEqual([bot]);
    const again = await client.call(`DELETE /api/messages/${user.id}`, { token });
    expect([again.status, again.body]).toEqual([404, { error: 'Message not found' }]);
  });

  it('wire "own messages only, else 404 `Message not found`"', async () => {
    const { user, bot } = await client.send(token, chatId, 'mine');
    const stranger = await client.newUser();
    for (const { id } of [user, bot]) {
      const answer = await client.call(`DELETE /api/messages/${id}`, { token: stranger.token });
      expect([answer.status, answer.body]).toEqual([404, { error: 'Message not found' }]);
    }
    expect(await storedMessages()).toEqual([user, bot]);
  });
});
