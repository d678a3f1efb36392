import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../src/core/core.ts';
import { DomainError } from '../../src/core/errors.ts';
import type { ReplyEvent } from '../../src/core/events.ts';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Actor } from '../../src/core/ports.ts';
import type { Reply, ReplyKey } from '../../src/core/replies/reply.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

let temp: TempCore;
let core: Core;
let actor: Actor;
let chat: Chat;

beforeAll(async () => {
  temp = await openTempCore();
  core = temp.core;
  await temp.start();
});
afterAll(() => temp.dispose());
beforeEach(async () => {
  actor = await temp.newActor();
  chat = await core.chats.create(actor, {});
});

const send = (text: string, idempotencyKey?: string) =>
  core.messages.send(actor, { chat: chat.id, text, ...(idempotencyKey ? { idempotencyKey } : {}) });
const texts = async () => (await core.messages.list(actor, chat.id, { limit: 100 })).map(({ text }) => text);

async function readAll(key: ReplyKey, after = 0): Promise<{ text: string; events: ReplyEvent[] }> {
  const events: ReplyEvent[] = [];
  for await (const event of core.replies.follow(actor, key, { after })) events.push(event);
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  return { text, events };
}

/** The first text that a reader sees, so that a test goes on once something is stored. */
async function firstText(reply: Reply): Promise<string> {
  for await (const event of core.replies.follow(actor, reply.id, { after: 0 })) {
    if (event.type === 'text-delta') return event.text;
  }
  throw new Error('The reply ended without text');
}

describe('a reply', () => {
  it('reaches its readers as it is said and is stored as what they saw', async () => {
    const { reply } = await send('hello');
    const answer = await temp.ai.next();
    const reader = readAll(reply.uuid);
    answer.say('Hi', ' there');
    expect(await firstText(reply)).toMatch(/^Hi/);
    answer.usage(3, 4);
    answer.finish('!');
    const { text, events } = await reader;
    expect(text).toBe('Hi there!');
    expect(events.at(-1)).toMatchObject({
      type: 'reply-end',
      reply: { state: 'complete', usage: { promptTokens: 3, completionTokens: 4, estimated: false } },
      message: { text: 'Hi there!', state: 'complete', role: 'assistant' },
    });
    expect(await texts()).toEqual(['hello', 'Hi there!']);
    expect(await readAll(reply.id, 3)).toMatchObject({ text: 'there!' });
  });

  it('shows nothing that is not stored', async () => {
    const { reply } = await send('hello');
    const answer = await temp.ai.next();
    answer.say('stored');
    const seen = await firstText(reply);
    expect(await temp.store.replies.textFrom(reply.id, 0)).toBe(seen);
    expect((await core.messages.list(actor, chat.id, { limit: 9 })).at(-1)).toMatchObject({
      state: 'writing',
      text: seen,
    });
    answer.finish();
    await core.replies.finished(actor, reply.id);
  });

  it('keeps surrogate pairs that its provider splits together, and mends what is no Unicode', async () => {
    const { reply } = await send('an emoji');
    const answer = await temp.ai.next();
    answer.say('a\ud83d');
    answer.say('\ude00b\0c\ud83d');
    answer.say('d');
    answer.finish('\ud83d');
    expect((await core.replies.finished(actor, reply.id)).text).toBe('a😀bc\ufffdd\ufffd');
  });

  it.each([
    ['its stream ends without a finish', undefined, 'ai-broke-off'],
    ['it says so', new DomainError('ai-timed-out'), 'ai-timed-out'],
    ['it throws what nobody foresaw', new TypeError('surprise'), 'server-error'],
  ] as const)('fails when %s, keeping the text', async (_case, error, code) => {
    const { reply } = await send('hello');
    const answer = await temp.ai.next();
    answer.say('half of');
    answer.breakOff(error);
    await expect(core.replies.finished(actor, reply.id)).rejects.toMatchObject({ code });
    expect(await core.replies.find(actor, reply.id)).toMatchObject({ state: 'failed', errorCode: code });
    expect((await core.messages.list(actor, chat.id, { limit: 9 })).at(-1)).toMatchObject({
      text: 'half of',
      state: 'failed',
    });
  });

  it('leaves no message when it fails without a word', async () => {
    const { reply } = await send('hello');
    (await temp.ai.next()).breakOff(new DomainError('ai-unreachable'));
    await expect(core.replies.finished(actor, reply.id)).rejects.toMatchObject({ code: 'ai-unreachable' });
    expect(await texts()).toEqual(['hello']);
    expect(await core.chats.find(actor, chat.id)).toMatchObject({
      messageCount: 1,
      lastMessageText: 'hello',
    });
  });

  it('fails honestly when it finishes without a word', async () => {
    const { reply } = await send('hello');
    (await temp.ai.next()).finish();
    await expect(core.replies.finished(actor, reply.id)).rejects.toMatchObject({ code: 'ai-answer-empty' });
  });

  it('can be stopped, which stops its provider, and continued to one message', async () => {
    const { reply } = await send('count');
    const answer = await temp.ai.next();
    answer.say('one two');
    await firstText(reply);
    expect(await core.replies.stop(actor, reply.id)).toMatchObject({ state: 'stopped' });
    await answer.stopped;
    expect(await texts()).toEqual(['count', 'one two']);

    const next = await core.replies.continue(actor, reply.uuid);
    const second = await temp.ai.next();
    expect(second.prompt).toMatchObject({ continues: 'one two', turns: [{ role: 'user', text: 'count' }] });
    second.finish(' three');
    expect((await readAll(next.id)).text).toBe('one two three');
    expect(await texts()).toEqual(['count', 'one two three']);
    expect(await core.chats.find(actor, chat.id)).toMatchObject({ messageCount: 2 });
    await expect(core.replies.continue(actor, reply.id)).rejects.toMatchObject({
      code: 'reply-not-continuable',
    });
  });

  it('can be written again: the former answer leaves the branch', async () => {
    const first = await send('a riddle');
    (await temp.ai.next()).finish('first');
    await core.replies.finished(actor, first.reply.id);
    const again = await core.replies.regenerate(actor, first.reply.id);
    const answer = await temp.ai.next();
    expect(answer.prompt.turns).toEqual([{ role: 'user', text: 'a riddle' }]);
    answer.finish('second');
    await core.replies.finished(actor, again.id);
    expect(await texts()).toEqual(['a riddle', 'second']);
    expect(await core.chats.find(actor, chat.id)).toMatchObject({
      messageCount: 2,
      lastMessageText: 'second',
    });
  });

  it('is refused a second writing once the chat has gone on', async () => {
    const first = await send('one');
    (await temp.ai.next()).finish('1');
    await core.replies.finished(actor, first.reply.id);
    const second = await send('two');
    (await temp.ai.next()).finish('2');
    await core.replies.finished(actor, second.reply.id);
    await expect(core.replies.regenerate(actor, first.reply.id)).rejects.toMatchObject({
      code: 'reply-not-latest',
    });
  });
});

describe('a chat', () => {
  it('writes one reply at a time and gives the next its turn, with the whole conversation', async () => {
    const first = await send('one');
    const second = await send('two');
    const third = await send('three');
    expect([first, second, third].map(({ reply }) => reply.state)).toEqual(['writing', 'waiting', 'waiting']);
    const waiting = core.replies.finished(actor, second.reply.id);
    const one = await temp.ai.next();
    const asked = temp.ai.asked;
    one.finish('1');
    const answer = await temp.ai.next();
    expect(temp.ai.asked).toBe(asked + 1);
    expect(answer.prompt.turns.map(({ text }) => text)).toEqual(['one', '1', 'two']);
    answer.finish('2');
    expect((await waiting).text).toBe('2');
    (await temp.ai.next()).finish('3');
    await core.replies.finished(actor, third.reply.id);
    expect(await texts()).toEqual(['one', '1', 'two', '2', 'three', '3']);
  });

  it('takes a bounded number of questions', async () => {
    const sent = [];
    for (let count = 0; count <= 8; count += 1) sent.push(await send(`question ${count}`));
    await expect(send('one more')).rejects.toMatchObject({ code: 'too-many-waiting' });
    for (const { reply } of sent.toReversed()) await core.replies.stop(actor, reply.id);
    expect(await texts()).toEqual(sent.map((_one, index) => `question ${index}`));
    expect((await temp.ai.next()).prompt.turns.at(-1)?.text).toBe('question 0');
  });

  it('is called after its first words, once', async () => {
    const long = `${'a'.repeat(39)}😀 and more`;
    const { reply } = await send(long);
    (await temp.ai.next()).finish('fine');
    await core.replies.finished(actor, reply.id);
    expect(await core.chats.find(actor, chat.id)).toMatchObject({ title: `${'a'.repeat(39)}😀...` });
    await core.chats.update(actor, chat.id, { title: ' Mine ' });
    expect(await core.chats.find(actor, chat.id)).toMatchObject({ title: 'Mine', revision: 3 });
  });

  it('can be deleted while its reply is being written: the reader gets an end', async () => {
    const { reply } = await send('hello');
    const answer = await temp.ai.next();
    answer.say('I was just');
    const reader = readAll(reply.id);
    await firstText(reply);
    await core.chats.delete(actor, chat.id);
    await answer.stopped;
    expect((await reader).events.at(-1)).toMatchObject({ type: 'reply-end', message: null });
    await expect(core.chats.find(actor, chat.id)).rejects.toMatchObject({ code: 'chat-not-found' });
    await expect(core.replies.find(actor, reply.id)).rejects.toMatchObject({ code: 'reply-not-found' });
  });
});

describe('an idempotency key', () => {
  it('gives one message and one reply, however often and however many at once', async () => {
    const sent = await Promise.all(Array.from({ length: 20 }, () => send('once', 'key-1')));
    expect(new Set(sent.map(({ message }) => message.id)).size).toBe(1);
    expect(new Set(sent.map(({ reply }) => reply.id)).size).toBe(1);
    expect(sent.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    (await temp.ai.next()).finish('yes');
    for (const { reply } of sent) await core.replies.finished(actor, reply.id);
    expect((await send('once', 'key-1')).reply.state).toBe('complete');
    await expect(send('twice', 'key-1')).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    expect(await texts()).toEqual(['once', 'yes']);
  });

  it('belongs to its user', async () => {
    await send('mine', 'key-2');
    const other = await temp.newActor();
    const theirs = await core.chats.create(other, {});
    const sent = await core.messages.send(other, {
      chat: theirs.id,
      text: 'theirs',
      idempotencyKey: 'key-2',
    });
    expect(sent.duplicate).toBe(false);
    expect(sent.message.text).toBe('theirs');
  });
});

describe('what is refused', () => {
  it.each([
    ['nothing', '', 'text-empty'],
    ['white space', ' \n\t ', 'text-empty'],
    ['a NUL', 'a\0b', 'text-not-unicode'],
    ['half of a pair', 'a\ud800', 'text-not-unicode'],
    ['too much', 'x'.repeat(100_001), 'text-too-long'],
  ])('%s', async (_what, text, code) => {
    await expect(send(text)).rejects.toMatchObject({ code });
    expect(await texts()).toEqual([]);
  });

  it("another user's chat, told apart from one that never was", async () => {
    const other = await temp.newActor();
    await expect(core.chats.find(other, chat.id)).rejects.toMatchObject({ code: 'chat-not-yours' });
    await expect(core.chats.find(other, chat.uuid)).rejects.toMatchObject({ code: 'chat-not-yours' });
    await expect(core.chats.find(other, 999_999_999 as Chat['id'])).rejects.toMatchObject({
      code: 'chat-not-found',
    });
  });

  it('a change to what has changed since', async () => {
    await core.chats.update(actor, chat.id, { pinned: true, ifRevision: chat.revision });
    await expect(
      core.chats.update(actor, chat.id, { title: 'late', ifRevision: chat.revision }),
    ).rejects.toMatchObject({ code: 'revision-stale' });
  });
});
