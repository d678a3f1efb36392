import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import { DomainError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/ports.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

/** Asks in a chat, answers, and waits for the end. */
async function exchange(temp: TempCore, actor: Actor, { chat, say }: { chat: Chat; say: [string, string] }) {
  const { message, reply } = await temp.core.messages.send(actor, { chat: chat.id, text: say[0] });
  const asked = await temp.ai.next();
  asked.finish(say[1]);
  const answer = await temp.core.replies.finished(actor, reply.id);
  return { message, answer, prompt: asked.prompt };
}

/** Waits until what is asked beside the chats has changed a chat. */
async function changed(temp: TempCore, actor: Actor, act: () => void): Promise<Chat> {
  const feed = temp.core.feed.follow(actor, await temp.core.feed.position(actor));
  act();
  for await (const event of feed) {
    if (event.type === 'change' && event.change.type === 'chat-updated') return event.change.chat;
  }
  throw new Error('The feed ended');
}

describe('a chat is named by its AI', () => {
  let temp: TempCore;
  let actor: Actor;
  beforeAll(async () => {
    const prompt = { system: 'Be kind.', historyTurns: 20, historyTokens: 1_000, namesChats: true };
    temp = await openTempCore({ prompt });
    actor = await temp.newActor();
  });
  afterAll(() => temp.dispose());

  it.each([
    ['Old words', 'Old words'],
    ['\n"**Old words**."\nA name that says it all.', 'Old words'],
    [`Long ${'word '.repeat(40)}`, `Long ${'word '.repeat(15)}`.trim()],
  ])('after its first answer, which says %j', async (said, title) => {
    const chat = await temp.core.chats.create(actor, {});
    await exchange(temp, actor, { chat, say: ['where does algebra come from?', 'from Arabic'] });
    const naming = await temp.ai.next();
    expect(naming.prompt.turns[0]?.text).toContain('where does algebra come from?');
    expect(naming.prompt.turns[0]?.text).toContain('from Arabic');
    const before = await temp.core.chats.find(actor, chat.id);
    const named = await changed(temp, actor, () => naming.finish(said));
    expect(named).toEqual({ ...before, title, revision: before.revision + 1 });
    const { asked } = temp.ai;
    await exchange(temp, actor, { chat, say: ['and geometry?', 'from Greek'] });
    await exchange(temp, actor, { chat, say: ['and logic?', 'from Greek'] });
    expect(temp.ai.asked).toBe(asked + 2);
    const sums = (await temp.core.usage.read(actor, {})).sums;
    expect(sums.reduce((sum, { replies }) => sum + replies, 0) % 4).toBe(0);
  });

  it('but not over the name that its user gives, before or meanwhile', async () => {
    const own = await temp.core.chats.create(actor, { title: 'Mine' });
    const { asked } = temp.ai;
    await exchange(temp, actor, { chat: own, say: ['hello', 'hi'] });
    const chat = await temp.core.chats.create(actor, {});
    await exchange(temp, actor, { chat, say: ['hello', 'hi'] });
    const naming = await temp.ai.next();
    expect(temp.ai.asked).toBe(asked + 3);
    await temp.core.chats.update(actor, chat.id, { title: 'My own' });
    naming.finish('Greetings');
    // The next one that is named shows that this one is through.
    const other = await temp.core.chats.create(actor, {});
    await exchange(temp, actor, { chat: other, say: ['hello', 'hi'] });
    const next = await temp.ai.next();
    expect(await changed(temp, actor, () => next.finish('Other'))).toMatchObject({ id: other.id });
    expect(await temp.core.chats.find(actor, chat.id)).toMatchObject({ title: 'My own' });
  });
});

describe('what is dropped of a chat', () => {
  const prompt = { system: 'Be kind.', historyTurns: 20, historyTokens: 200, summarises: true };
  /** 39 tokens, with what stands around it. */
  const long = (word: string) => word.repeat(140 / word.length);

  /** A chat with three exchanges, which no longer fit, and what is asked of the AI then. */
  async function fill(temp: TempCore, actor: Actor) {
    const chat = await temp.core.chats.create(actor, {});
    const first = await exchange(temp, actor, { chat, say: [long('a'), long('b')] });
    await exchange(temp, actor, { chat, say: [long('c'), long('d')] });
    await exchange(temp, actor, { chat, say: [long('e'), long('f')] });
    return { chat, first, noting: await temp.ai.next() };
  }
  /** What the AI is told for the next reply of a chat. */
  const nextPrompt = async (temp: TempCore, actor: Actor, chat: Chat) =>
    (await exchange(temp, actor, { chat, say: ['g?', 'G'] })).prompt;
  const begin = async () => {
    const temp = await openTempCore({ prompt });
    return { temp, actor: await temp.newActor() };
  };

  it('is summed up beside it, and stands before what is left', async () => {
    const { temp, actor } = await begin();
    const { chat, noting } = await fill(temp, actor);
    const [asked] = noting.prompt.turns;
    expect(asked?.text).toContain(`User: ${long('a')}`);
    expect(asked?.text).toContain(`Assistant: ${long('d')}`);
    expect(asked?.text).not.toContain(long('e'));
    noting.finish('They went through letters.');
    await summarised(temp, actor, chat);
    const next = await nextPrompt(temp, actor, chat);
    expect(next.system).toBe('Be kind.\n\nWhat was said before, in short:\nThey went through letters.');
    expect(next.turns.map(({ text }) => text)).toEqual([long('e'), long('f'), 'g?']);
    await temp.dispose();
  });

  it.each([
    [
      'edited',
      (temp: TempCore, actor: Actor, id: never) => temp.core.messages.edit(actor, id, { text: 'A' }),
    ],
    ['deleted', (temp: TempCore, actor: Actor, id: never) => temp.core.messages.delete(actor, id)],
  ])('is no longer what was summed up once it is %s, before the end or after', async (_what, change) => {
    const { temp, actor } = await begin();
    const one = await fill(temp, actor);
    await change(temp, actor, one.first.message.id as never);
    one.noting.finish('Too late.');
    const other = await fill(temp, actor);
    other.noting.finish('In time.');
    await summarised(temp, actor, other.chat);
    expect((await temp.core.chats.find(actor, one.chat.id)).summary).toBeNull();
    await change(temp, actor, other.first.message.id as never);
    expect((await temp.core.chats.find(actor, other.chat.id)).summary).toBeNull();
    await temp.dispose();
  });

  it('is forgotten with the branch that it was said on, and kept where branches part later', async () => {
    const { temp, actor } = await begin();
    const { chat, first, noting } = await fill(temp, actor);
    noting.finish('Letters.');
    const { summary } = await summarised(temp, actor, chat);
    const messages = await temp.core.messages.list(actor, chat.id, { limit: 9 });
    expect(summary?.upTo).toBe(messages[3]?.id);
    const later = await temp.core.messages.branch(actor, messages[4]?.id ?? (0 as never), { text: 'E' });
    (await temp.ai.next()).finish('F');
    await temp.core.replies.finished(actor, later.reply.id);
    expect((await temp.core.chats.find(actor, chat.id)).summary).toEqual(summary);
    const earlier = await temp.core.messages.branch(actor, first.answer.id, {});
    expect((await temp.ai.next()).prompt.system).toBe('Be kind.');
    expect((await temp.core.chats.find(actor, chat.id)).summary).toBeNull();
    await temp.core.replies.stop(actor, earlier.reply.id);
    await temp.dispose();
  });

  it.each(['answer', 'question'] as const)(
    'is forgotten where an answer is written on and the %s is in it',
    async (covered) => {
      const { temp, actor } = await begin();
      const chat = await temp.core.chats.create(actor, {});
      const { message, reply } = await temp.core.messages.send(actor, { chat: chat.id, text: 'a?' });
      const asked = await temp.ai.next();
      asked.say('half an ');
      asked.breakOff();
      await expect(temp.core.replies.finished(actor, reply.id)).rejects.toThrow();
      const newest = await exchange(temp, actor, { chat, say: ['b?', 'B'] });
      const upTo = covered === 'question' ? message.id : (reply.messageId ?? message.id);
      await temp.store.transaction(({ chats }) =>
        chats.update(chat.id, { summary: { text: 'Notes.', upTo } }),
      );
      await temp.core.messages.delete(actor, newest.answer.id);
      await temp.core.messages.delete(actor, newest.message.id);
      const again = await temp.core.replies.continue(actor, reply.id);
      const { prompt, finish } = await temp.ai.next();
      expect(prompt).toMatchObject({ system: 'Be kind.', turns: [{ text: 'a?' }], continues: 'half an ' });
      expect((await temp.core.chats.find(actor, chat.id)).summary).toBeNull();
      finish('answer');
      await temp.core.replies.finished(actor, again.id);
      await temp.dispose();
    },
  );

  it('is dropped where the AI fails, which is logged; a stopping server waits for nothing', async () => {
    const log = createRecordingLog();
    const temp = await openTempCore({ prompt, log });
    const actor = await temp.newActor();
    const { chat, noting } = await fill(temp, actor);
    noting.breakOff(new DomainError('ai-unreachable'));
    expect(await log.line('a chat could not be summarised')).toMatchObject({
      level: 'warn',
      fields: { code: 'ai-unreachable' },
    });
    expect((await nextPrompt(temp, actor, chat)).system).toBe('Be kind.');
    const again = await temp.ai.next();
    await temp.stop(0);
    await again.stopped;
    await temp.dispose();
  });
});

/** Looks until a chat has a summary; it is told to nobody. */
async function summarised(temp: TempCore, actor: Actor, chat: Chat): Promise<Chat> {
  for (;;) {
    const now = await temp.core.chats.find(actor, chat.id);
    if (now.summary) return now;
    await new Promise((resolve) => void setImmediate(resolve));
  }
}
