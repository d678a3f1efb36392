import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReplyId } from '../../src/core/replies/reply.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChat, addReply, addUser, claim, complete, minutes, node, noon } from './rows.ts';

describeEachEngine('replies', (fresh) => {
  const start = async () => {
    const owner = await addUser(fresh.store);
    return { owner, chat: await addChat(fresh.store, owner) };
  };

  test('are found by their owner alone, and by the message they write', async () => {
    const { owner, chat } = await start();
    const other = await addUser(fresh.store);
    const { reply, answer, question } = await addReply(fresh.store, chat);
    const answers = { answersId: question.id, answersUuid: question.uuid };
    expect(reply).toMatchObject({ state: 'writing', ...claim, messageId: answer.id, ...answers });
    // Its name is told also when it is deleted.
    await fresh.store.messages.bury(question.id, noon);
    for (const key of [reply.id, reply.uuid]) {
      expect(await fresh.store.replies.find(owner.id, key)).toEqual(reply);
      expect(await fresh.store.replies.find(other.id, key)).toBeUndefined();
    }
    expect(await fresh.store.replies.findByMessage(answer.id)).toEqual(reply);
    expect(await fresh.store.replies.findByMessage(question.id)).toBeUndefined();
  });

  test('are found by the question that they answer: the newest, whether it has ended or not', async () => {
    const { chat } = await start();
    const { reply, question, answer } = await addReply(fresh.store, chat);
    const other = await addReply(fresh.store, chat, 'waiting');
    const answering = async (message: typeof question) =>
      (await fresh.store.replies.findByQuestion(message))?.id;
    expect(await answering(question)).toBe(reply.id);
    expect(await answering(other.question)).toBe(other.reply.id);
    await fresh.store.replies.end(reply.id, { ...complete, keepsMessage: false });
    expect(await answering(question)).toBe(reply.id);
    const again = await fresh.store.replies.insert({
      ...reply,
      uuid: randomUUID() as typeof reply.uuid,
      messageId: answer.id,
      claim,
      at: minutes(2),
    });
    expect(await answering(question)).toBe(again.id);
    await fresh.store.replies.end(again.id, complete);
    expect(await answering(question)).toBe(again.id);
    expect(await answering(answer)).toBeUndefined();
  });

  test('wait, are claimed once, and end once', async () => {
    const { owner, chat } = await start();
    const { reply } = await addReply(fresh.store, chat, 'waiting');
    expect(reply).toMatchObject({ state: 'waiting', nodeId: null, provider: null, model: null });
    await fresh.store.replies.claim(reply.id, claim);
    expect(await fresh.store.replies.find(owner.id, reply.id)).toEqual({
      ...reply,
      ...claim,
      state: 'writing',
    });
    await expect(fresh.store.replies.claim(reply.id, claim)).rejects.toThrow('does not wait');
    expect(await fresh.store.replies.end(reply.id, complete)).toBe(true);
    expect(await fresh.store.replies.end(reply.id, { ...complete, outcome: 'failed' })).toBe(false);
    expect(await fresh.store.replies.find(owner.id, reply.id)).toEqual({
      ...reply,
      ...claim,
      state: 'complete',
      usage: complete.usage,
      firstTextAt: complete.firstTextAt,
      endedAt: minutes(1),
    });
  });

  test('end by their own node only, and as waiting ones only while they wait', async () => {
    const { owner, chat } = await start();
    const { reply } = await addReply(fresh.store, chat);
    const waiting = await addReply(fresh.store, chat, 'waiting');
    const foreign = { ...complete, nodeId: 'node-2' as typeof node };
    expect(await fresh.store.replies.end(reply.id, foreign)).toBe(false);
    expect(await fresh.store.replies.end(reply.id, { ...complete, nodeId: null })).toBe(false);
    expect(await fresh.store.replies.find(owner.id, reply.id)).toEqual(reply);
    expect(await fresh.store.replies.end(waiting.reply.id, complete)).toBe(false);
    const stopped = { ...complete, nodeId: null, outcome: 'stopped', keepsMessage: false } as const;
    expect(await fresh.store.replies.end(waiting.reply.id, stopped)).toBe(true);
    expect(await fresh.store.replies.find(owner.id, waiting.reply.id)).toMatchObject({
      state: 'stopped',
      messageId: null,
    });
  });

  test('that are open are counted per user and listed per chat, oldest first', async () => {
    const { owner, chat } = await start();
    const [first, second] = [await addReply(fresh.store, chat), await addReply(fresh.store, chat, 'waiting')];
    const elsewhere = await addReply(fresh.store, await addChat(fresh.store, owner));
    expect(await fresh.store.replies.openInChat(chat.id)).toEqual([first.reply, second.reply]);
    expect(await fresh.store.replies.countOpen(owner.id)).toBe(3);
    await fresh.store.replies.end(first.reply.id, complete);
    await fresh.store.replies.end(elsewhere.reply.id, complete);
    expect(await fresh.store.replies.openInChat(chat.id)).toEqual([second.reply]);
    expect(await fresh.store.replies.countOpen(owner.id)).toBe(1);
  });

  test('without a living node are orphans; waiting ones behind none are stalled', async () => {
    const { owner, chat } = await start();
    const other = await addChat(fresh.store, owner);
    await fresh.store.nodes.insert(node, noon);
    const [written, behind] = [
      await addReply(fresh.store, chat),
      await addReply(fresh.store, chat, 'waiting'),
    ];
    const stalled = await addReply(fresh.store, other, 'waiting');
    await addReply(fresh.store, other, 'waiting');
    expect(await fresh.store.replies.orphans(9)).toEqual([]);
    expect(await fresh.store.replies.stalled(9)).toEqual([stalled.reply]);
    await fresh.store.nodes.remove(node);
    expect(await fresh.store.replies.orphans(9)).toEqual([written.reply]);
    await fresh.store.replies.end(written.reply.id, complete);
    expect(await fresh.store.replies.orphans(9)).toEqual([]);
    expect(await fresh.store.replies.stalled(9)).toEqual([behind.reply, stalled.reply]);
    expect(await fresh.store.replies.stalled(1)).toEqual([behind.reply]);
  });
});

describeEachEngine('logs of replies', (fresh) => {
  const start = async () => {
    const chat = await addChat(fresh.store, await addUser(fresh.store));
    return {
      first: (await addReply(fresh.store, chat)).reply,
      second: (await addReply(fresh.store, chat)).reply,
    };
  };

  test('take text at their end only: a gap or a repetition fails, and takes nothing with it', async () => {
    const { first, second } = await start();
    const append = (...deltas: [ReplyId, number, string][]) =>
      fresh.store.replies.append(deltas.map(([replyId, start, text]) => ({ replyId, start, text })));
    await append([first.id, 0, 'abc'], [second.id, 0, 'x'], [first.id, 3, 'def']);
    await expect(append([first.id, 7, 'gap'])).rejects.toThrow('does not follow');
    await expect(append([first.id, 3, 'deg'])).rejects.toThrow('does not follow');
    await expect(append([first.id, 3, 'de'])).rejects.toThrow('does not follow');
    await expect(append([second.id, 1, 'y'], [first.id, 0, 'abc'])).rejects.toThrow('does not follow');
    await expect(append([99 as ReplyId, 0, 'nobody'])).rejects.toThrow('not open');
    await append([first.id, 6, ''], [first.id, 6, 'g']);
    expect(await fresh.store.replies.textFrom(first.id, 0)).toBe('abcdefg');
    expect(await fresh.store.replies.textFrom(second.id, 0)).toBe('x');
  });

  test('leave text that they end with already, as a repeated commit brings it', async () => {
    const { first, second } = await start();
    const deltas = [
      { replyId: first.id, start: 3, text: 'd😀f' },
      { replyId: second.id, start: 0, text: 'x' },
    ];
    await fresh.store.replies.append([{ replyId: first.id, start: 0, text: 'abc' }]);
    await fresh.store.replies.append(deltas);
    await fresh.store.replies.append(deltas);
    expect(await fresh.store.replies.textFrom(first.id, 0)).toBe('abcd😀f');
    expect(await fresh.store.replies.textFrom(second.id, 0)).toBe('x');
  });

  test('of ended replies take no text, and can be dropped', async () => {
    const { first } = await start();
    await fresh.store.replies.append([{ replyId: first.id, start: 0, text: 'all' }]);
    await fresh.store.replies.end(first.id, complete);
    const late = [{ replyId: first.id, start: 3, text: 'late' }];
    await expect(fresh.store.replies.append(late)).rejects.toThrow('not open');
    expect(await fresh.store.replies.textFrom(first.id, 0)).toBe('all');
    await fresh.store.replies.dropLog(first.id);
    expect(await fresh.store.replies.textFrom(first.id, 0)).toBe('');
  });

  test('give their text from any position, counted in UTF-16 code units', async () => {
    const { first } = await start();
    const pieces = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { maxLength: 9 });
    let written = '';
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(), async (texts, place) => {
        const deltas = texts.map((text) => {
          const delta = { replyId: first.id, start: written.length, text };
          written += text;
          return delta;
        });
        await fresh.store.replies.append(deltas);
        const position = place % (written.length + 1);
        expect(await fresh.store.replies.textFrom(first.id, position)).toBe(written.slice(position));
        expect(await fresh.store.replies.textFrom(first.id, written.length + 1)).toBe('');
      }),
      { numRuns: 40 },
    );
    expect(written.length).toBeGreaterThan(0);
  });

  test('take the text of hundreds of replies at once', async () => {
    const chat = await addChat(fresh.store, await addUser(fresh.store));
    const replies = await fresh.store.transaction(async (tables) => {
      const made = [];
      for (let count = 0; count < 201; count += 1) made.push((await addReply(tables, chat)).reply);
      return made;
    });
    for (const start of [0, 2])
      await fresh.store.replies.append(replies.map(({ id }) => ({ replyId: id, start, text: 'ab' })));
    const texts = await Promise.all(replies.map(({ id }) => fresh.store.replies.textFrom(id, 0)));
    expect(new Set(texts)).toEqual(new Set(['abab']));
    const messages = await fresh.store.messages.list(chat.id, { limit: 500 });
    expect(messages.filter(({ role }) => role === 'assistant').map(({ text }) => text)).toEqual(
      Array<string>(201).fill('abab'),
    );
  });
});
