import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Core } from '../../src/core/core.ts';
import { DomainError } from '../../src/core/errors.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Actor } from '../../src/core/ports.ts';
import { daysAfter, utcDay } from '../../src/core/usage/utc-day.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const noon = new Date('2026-03-01T12:00:00.000Z');
const today = utcDay(noon);
const days = { from: today, to: today };
const prompt = { system: '', historyTurns: 20, historyTokens: 1_000, maxOutputTokens: 300 };

let now = noon;
const clock = () => now;
let temp: TempCore;
let core: Core;
let actor: Actor;
let chat: Chat;
const open = (limits: Partial<typeof defaultLimits>) => {
  beforeAll(async () => {
    temp = await openTempCore({ clock, limits: { ...defaultLimits, ...limits }, prompt, leaseMs: 60_000 });
    core = temp.core;
  });
  afterAll(() => temp.dispose());
  beforeEach(async () => {
    now = noon;
    actor = await temp.newActor();
    chat = await core.chats.create(actor, {});
  });
};
const send = (text: string, more = {}) => core.messages.send(actor, { chat: chat.id, text, ...more });
const taken = () => temp.store.usage.taken(actor.userId, today);
const report = () => core.usage.read(actor, days);
/** What the AI is asked next in this test: others leave some unanswered. */
const next = async (asker = { chatId: String(chat.id) }) => {
  for (;;) {
    const answer = await temp.ai.next();
    if (answer.prompt.chatId === asker.chatId && answer.prompt.userId === String(actor.userId)) return answer;
  }
};
const outside = { chatId: '0' };
const ended = async (reply: { id: number }) => {
  for await (const event of core.replies.follow(actor, reply.id as never, { after: 0 }))
    if (event.type === 'reply-end') return event.reply;
  throw new Error('The reply did not end');
};

describe('usage', () => {
  open({});

  it('is what the AI counts, with who answered and when, summed up by day and model', async () => {
    const { reply } = await send('hello');
    const answer = await next();
    now = new Date(noon.getTime() + 250);
    answer.say('Hi');
    await core.replies.follow(actor, reply.id, { after: 0 })[Symbol.asyncIterator]().next();
    now = new Date(noon.getTime() + 900);
    answer.usage(30, 4);
    answer.finish();
    expect(await ended(reply)).toMatchObject({
      usage: { promptTokens: 30, completionTokens: 4, estimated: false },
      reservedTokens: null,
      startedAt: noon,
      firstTextAt: new Date(noon.getTime() + 250),
      endedAt: now,
    });
    expect(await core.replies.find(actor, reply.id)).toEqual(await ended(reply));
    const second = await send('and?');
    const other = await next();
    other.answeredBy('other', 'other-2');
    other.usage(40, 5);
    other.finish('fine');
    await ended(second.reply);
    const sum = { day: today, replies: 1 };
    expect(await report()).toMatchObject({
      sums: [
        { ...sum, provider: 'other', model: 'other-2', promptTokens: 40, completionTokens: 5, durationMs: 0 },
        {
          ...sum,
          provider: 'played',
          model: 'played-1',
          promptTokens: 30,
          completionTokens: 4,
          durationMs: 900,
        },
      ],
      today: {
        limits: { tokens: null, replies: null },
        left: { tokens: null, replies: null },
        resetsAt: new Date('2026-03-02T00:00:00.000Z'),
      },
    });
    expect(await taken()).toEqual({ tokens: 0, replies: 0 });
  });

  it('is estimated where the AI does not count, for the new text alone', async () => {
    const { reply } = await send('four');
    const answer = await next();
    answer.say('four');
    answer.breakOff();
    const broken = await ended(reply);
    expect(broken).toMatchObject({
      state: 'failed',
      usage: { promptTokens: 5, completionTokens: 1, estimated: true },
    });
    const more = await core.replies.continue(actor, reply.id);
    (await next()).finish(' and more');
    expect((await ended(more)).usage).toEqual({ promptTokens: 6, completionTokens: 2, estimated: true });
    expect((await report()).sums).toMatchObject([{ replies: 2, promptTokens: 11, completionTokens: 3 }]);
  });

  it('is nothing where the AI failed without a word, or was never asked', async () => {
    const { reply } = await send('four');
    const waiting = await send('five');
    await core.replies.stop(actor, waiting.reply.id);
    (await next()).breakOff(new DomainError('ai-unreachable'));
    expect((await ended(reply)).usage).toBeNull();
    expect((await report()).sums).toEqual([]);
  });

  it('is nothing while others are before it at the AI', async () => {
    const { reply } = await send('four');
    const answer = await next();
    answer.wait(2);
    for await (const event of core.replies.follow(actor, reply.id, { after: 0 }))
      if (event.type === 'reply-waiting') break;
    expect((await core.replies.stop(actor, reply.id)).usage).toBeNull();
    expect((await report()).sums).toEqual([]);
  });

  it('of a chat that is deleted under its reply stays, and a question is counted though nobody heard the answer', async () => {
    await send('four');
    await next();
    await core.chats.delete(actor, chat.id);
    expect((await report()).sums).toMatchObject([{ replies: 1, promptTokens: 5, completionTokens: 0 }]);
  });

  it('of a question outside any chat counts too', async () => {
    const asked = core.replies.ask(actor, { text: 'four' });
    (await next(outside)).finish('four');
    await asked;
    const failing = core.replies.ask(actor, { text: 'four' });
    (await next(outside)).breakOff();
    await expect(failing).rejects.toMatchObject({ code: 'ai-broke-off' });
    const abort = new AbortController();
    const stopped = core.replies.ask(actor, { text: 'four' }, abort.signal);
    await next(outside);
    abort.abort();
    await expect(stopped).rejects.toThrow();
    expect((await report()).sums).toMatchObject([{ replies: 2, promptTokens: 10, completionTokens: 1 }]);
  });
});

describe('a limit of tokens', () => {
  const tokensPerDay = 900;
  open({ tokensPerDay });

  it('holds what an answer may cost, tells the AI, and gives back the rest', async () => {
    const { reply } = await send('four');
    expect(await taken()).toEqual({ tokens: 305, replies: 1 });
    expect((await report()).today).toMatchObject({
      limits: { tokens: 900 },
      left: { tokens: 595, replies: null },
    });
    const answer = await next();
    expect(answer.prompt.maxOutputTokens).toBe(300);
    answer.usage(7, 9);
    answer.finish('fine');
    await ended(reply);
    expect(await taken()).toEqual({ tokens: 16, replies: 1 });
    const failed = await send('four');
    (await next()).breakOff(new DomainError('ai-timed-out'));
    await ended(failed.reply);
    expect(await taken()).toEqual({ tokens: 16, replies: 1 });
  });

  it('gives the last answer what is left, and refuses the next until midnight, storing nothing', async () => {
    await send('four');
    await send('four');
    expect(await taken()).toEqual({ tokens: tokensPerDay, replies: 2 });
    now = new Date('2026-03-01T23:59:50.000Z');
    const before = await core.messages.list(actor, chat.id, { limit: 9 });
    await expect(send('more', { idempotencyKey: 'later' })).rejects.toMatchObject({
      code: 'daily-limit-reached',
      retryAfterSeconds: 10,
    });
    await expect(core.replies.ask(actor, { text: 'more' })).rejects.toMatchObject({
      code: 'daily-limit-reached',
    });
    expect(await core.messages.list(actor, chat.id, { limit: 9 })).toEqual(before);
    expect(await taken()).toEqual({ tokens: tokensPerDay, replies: 2 });
    now = new Date('2026-03-02T00:00:00.000Z');
    const { reply } = await send('more', { idempotencyKey: 'later' });
    expect(reply.reservedTokens).toBeGreaterThan(300);
  });

  it('is held once for a message that is sent many times', async () => {
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => send('four', { idempotencyKey: 'once' })),
    );
    expect(new Set(sent.map(({ reply }) => reply.id)).size).toBe(1);
    expect(await taken()).toEqual({ tokens: 305, replies: 1 });
  });

  it('is settled on the day on which the answer was asked for', async () => {
    const { reply } = await send('four');
    now = new Date('2026-03-02T00:10:00.000Z');
    (await next()).finish('four');
    await ended(reply);
    expect(await taken()).toEqual({ tokens: 6, replies: 1 });
    expect((await core.usage.read(actor, { from: today, to: daysAfter(today, 1) })).sums).toMatchObject([
      { day: today, promptTokens: 5, completionTokens: 1 },
    ]);
  });

  it('is given back by a chat that is deleted and by a question outside of chats', async () => {
    await send('four');
    await send('five');
    await core.chats.delete(actor, chat.id);
    expect(await taken()).toEqual({ tokens: 5, replies: 1 });
    const asked = core.replies.ask(actor, { text: 'four' });
    const answer = await next(outside);
    expect(answer.prompt.maxOutputTokens).toBe(300);
    answer.say('word'.repeat(400));
    expect(await asked).toBe('word'.repeat(300));
    expect(await taken()).toEqual({ tokens: 310, replies: 2 });
  });

  it('asks nothing for a question that has outgrown what was held for it', async () => {
    const first = await send('four');
    const waiting = await send('five');
    await core.messages.edit(actor, waiting.message.id, { text: 'x'.repeat(4_000) });
    (await next()).finish('done');
    await ended(first.reply);
    expect(await ended(waiting.reply)).toMatchObject({
      state: 'failed',
      errorCode: 'daily-limit-reached',
      usage: null,
    });
    expect(await taken()).toEqual({ tokens: 6, replies: 1 });
  });
});

describe('a limit of answers', () => {
  open({ repliesPerDay: 2 });

  it('counts those that cost something, in whatever way they are asked for', async () => {
    const { reply } = await send('one');
    await send('two');
    await expect(send('three')).rejects.toMatchObject({ code: 'daily-limit-reached' });
    const answer = await next();
    expect(answer.prompt.maxOutputTokens).toBeUndefined();
    answer.breakOff(new DomainError('ai-unreachable'));
    await ended(reply);
    expect((await report()).today.left).toEqual({ tokens: null, replies: 1 });
    const second = await next();
    second.finish('2');
    const { reply: third } = await send('three');
    (await next()).finish('3');
    await ended(third);
    await expect(core.replies.regenerate(actor, third.id)).rejects.toMatchObject({
      code: 'daily-limit-reached',
    });
    expect((await taken()).replies).toBe(2);
    expect((await core.messages.list(actor, chat.id, { limit: 9 })).at(-1)?.text).toBe('3');
  });
});
