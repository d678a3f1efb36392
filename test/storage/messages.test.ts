import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message, MessageActivity, MessageId, MessageUuid } from '../../src/core/messages/message.ts';
import { codePoint } from '../support/code-point.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChat, addMessage, addReply, addUser, claim, complete, minutes } from './rows.ts';

describeEachEngine('messages', (fresh) => {
  const start = async () => {
    const owner = await addUser(fresh.store);
    return { owner, chat: await addChat(fresh.store, owner) };
  };

  test('are found by their owner alone', async () => {
    const { owner, chat } = await start();
    const other = await addUser(fresh.store);
    const message = await addMessage(fresh.store, chat, { imageUrl: 'https://example.org/i.png' });
    for (const key of [message.id, message.uuid]) {
      expect(await fresh.store.messages.find(owner.id, key)).toEqual(message);
      expect(await fresh.store.messages.find(other.id, key)).toBeUndefined();
    }
  });

  test('are listed ascending, in pages from either side', async () => {
    const { chat, owner } = await start();
    const foreign = await addChat(fresh.store, owner);
    const ids: MessageId[] = [];
    for (let count = 0; count < 6; count += 1) {
      ids.push((await addMessage(fresh.store, chat)).id);
      await addMessage(fresh.store, foreign);
    }
    const list = async (page: Parameters<typeof fresh.store.messages.list>[1]) =>
      (await fresh.store.messages.list(chat.id, page)).map(({ id }) => ids.indexOf(id));
    const [, second, , fourth] = ids as [MessageId, MessageId, MessageId, MessageId];
    expect(await list({ limit: 9 })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await list({ limit: 2 })).toEqual([0, 1]);
    expect(await list({ limit: 2, after: second })).toEqual([2, 3]);
    expect(await list({ limit: 2, newest: true })).toEqual([4, 5]);
    expect(await list({ limit: 2, newest: true, before: fourth })).toEqual([1, 2]);
    expect(await list({ limit: 9, after: second, before: fourth })).toEqual([2]);
    const finished = async (page: Parameters<typeof fresh.store.messages.finished>[1]) =>
      (await fresh.store.messages.finished(chat.id, page)).map(({ id }) => ids.indexOf(id));
    expect(await finished({ limit: 9 })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await finished({ limit: 2, after: second })).toEqual([2, 3]);
    expect(await finished({ limit: 2, offset: 3 })).toEqual([3, 4]);
  });

  test('that are deleted or of another branch are not listed, nor newest', async () => {
    const { owner, chat } = await start();
    const [shown, inactive, buried] = [
      await addMessage(fresh.store, chat),
      await addMessage(fresh.store, chat),
      await addMessage(fresh.store, chat, { imageUrl: 'https://example.org/i.png' }),
    ];
    await fresh.store.messages.setActivity([inactive.id], 'inactive');
    await fresh.store.messages.bury(buried.id, minutes(1));
    expect(await fresh.store.messages.list(chat.id, { limit: 9 })).toEqual([shown]);
    expect(await fresh.store.messages.finished(chat.id, { limit: 9 })).toEqual([shown]);
    expect(await fresh.store.messages.last(chat.id)).toEqual(shown);
    expect(await fresh.store.messages.find(owner.id, buried.id)).toBeUndefined();
    expect(await fresh.store.messages.find(owner.id, inactive.id)).toEqual({
      ...inactive,
      activity: 'inactive',
    });
  });

  test('stand in a tree, on the shown branch or beside it', async () => {
    const { chat, owner } = await start();
    const foreign = await addMessage(fresh.store, await addChat(fresh.store, owner));
    const root = await addMessage(fresh.store, chat);
    const [left, resting, shown, buried] = [
      await addMessage(fresh.store, chat, { parentId: root.id, role: 'assistant' }),
      await addMessage(fresh.store, chat, { parentId: null }),
      await addMessage(fresh.store, chat, { parentId: root.id }),
      await addMessage(fresh.store, chat, { parentId: root.id }),
    ];
    await fresh.store.messages.setActivity([left.id, buried.id], 'inactive');
    await fresh.store.messages.setActivity([resting.id], 'resting');
    await fresh.store.messages.setActivity([], 'inactive');
    await fresh.store.messages.bury(buried.id, minutes(1));
    const twig = ({ id, parentId, role }: Message, activity: MessageActivity) => ({
      id,
      parentId,
      role,
      activity,
    });
    const twigs = [
      { ...twig(root, 'active'), isBuried: false },
      { ...twig(left, 'inactive'), isBuried: false },
      { ...twig(resting, 'resting'), isBuried: false },
      { ...twig(shown, 'active'), isBuried: false },
      { ...twig(buried, 'inactive'), isBuried: true },
    ];
    expect(await fresh.store.messages.twigs(chat.id, null)).toEqual(twigs);
    expect(await fresh.store.messages.twigs(chat.id, resting.id)).toEqual(twigs.slice(3));
    const besides = (...parents: (MessageId | null)[]) => fresh.store.messages.besides(chat.id, parents);
    expect(await besides(root.id)).toEqual([twig(left, 'inactive')]);
    expect(await besides(null)).toEqual([twig(resting, 'resting')]);
    expect(new Set((await besides(null, root.id, shown.id)).map(({ id }) => id))).toEqual(
      new Set([left.id, resting.id]),
    );
    expect(await fresh.store.messages.find(owner.id, foreign.id)).toEqual(foreign);
  });

  test('change in the given fields only', async () => {
    const { owner, chat } = await start();
    const message = await addMessage(fresh.store, chat);
    await fresh.store.messages.update(message.id, { text: 'new', revision: 2, at: minutes(1) });
    await fresh.store.messages.update(message.id, {});
    expect(await fresh.store.messages.find(owner.id, message.id)).toEqual({
      ...message,
      text: 'new',
      revision: 2,
      updatedAt: minutes(1),
    });
  });

  test('under way carry their text so far, are listed from their first word on, and finished at their end', async () => {
    const { owner, chat } = await start();
    const { question, answer, reply } = await addReply(fresh.store, chat);
    expect(await fresh.store.messages.list(chat.id, { limit: 9 })).toEqual([question]);
    expect(await fresh.store.messages.list(chat.id, { limit: 1, newest: true })).toEqual([question]);
    expect(await fresh.store.messages.last(chat.id)).toEqual(answer);
    await fresh.store.replies.append([
      { replyId: reply.id, start: 0, text: 'one ' },
      { replyId: reply.id, start: 4, text: 'two' },
    ]);
    const soFar = { ...answer, text: 'one two' };
    expect(await fresh.store.messages.list(chat.id, { limit: 9 })).toEqual([question, soFar]);
    expect(await fresh.store.messages.finished(chat.id, { limit: 9 })).toEqual([question]);
    expect(await fresh.store.messages.last(chat.id)).toEqual(soFar);
    expect(await fresh.store.messages.find(owner.id, answer.id)).toEqual(soFar);
    await fresh.store.transaction(async (tables) => {
      await tables.replies.end(reply.id, complete);
      await tables.replies.dropLog(reply.id);
      await tables.messages.update(answer.id, { text: 'one two', state: 'complete', at: minutes(1) });
    });
    const ended = [question, { ...soFar, state: 'complete', updatedAt: minutes(1) }];
    expect(await fresh.store.messages.list(chat.id, { limit: 9 })).toEqual(ended);
    expect(await fresh.store.messages.finished(chat.id, { limit: 9 })).toEqual(ended);
  });

  test('that a second reply goes on writing carry the text of its log only', async () => {
    const { owner, chat } = await start();
    const { question, answer, reply } = await addReply(fresh.store, chat);
    await fresh.store.replies.append([{ replyId: reply.id, start: 0, text: 'old' }]);
    await fresh.store.replies.end(reply.id, complete);
    const next = await fresh.store.replies.insert({
      ...reply,
      uuid: randomUUID() as typeof reply.uuid,
      answersId: question.id,
      answersUuid: question.uuid,
      messageId: answer.id,
      claim,
      at: minutes(2),
    });
    await fresh.store.replies.append([{ replyId: next.id, start: 0, text: 'old and new' }]);
    expect((await fresh.store.messages.find(owner.id, answer.id))?.text).toBe('old and new');
    expect((await fresh.store.replies.findByMessage(answer.id))?.id).toBe(next.id);
  });

  test('of one chat are removed with its replies', async () => {
    const { owner, chat } = await start();
    const kept = await addChat(fresh.store, owner);
    const stays = await addMessage(fresh.store, kept);
    const { reply } = await addReply(fresh.store, chat);
    await fresh.store.replies.append([{ replyId: reply.id, start: 0, text: 'text' }]);
    await fresh.store.messages.deleteAll(chat.id);
    expect(await fresh.store.messages.last(chat.id)).toBeUndefined();
    expect(await fresh.store.replies.find(owner.id, reply.id)).toBeUndefined();
    expect(await fresh.store.replies.textFrom(reply.id, 0)).toBe('');
    expect(await fresh.store.messages.list(kept.id, { limit: 9 })).toEqual([stays]);
    expect(await fresh.store.chats.find(owner.id, chat.id)).toEqual(chat);
  });

  test('come back byte for byte, whatever is written in them', async () => {
    const { owner, chat } = await start();
    const text = fc
      .oneof(
        fc.string({ unit: codePoint, maxLength: 60 }),
        fc.string({
          unit: fc.constantFrom(
            'e\u0301',
            '👩‍👩‍👧',
            '🇫🇷',
            'שלום',
            '\u202e',
            '"',
            '\\',
            '\n',
            '\u2028',
            "'",
            '%',
            '\ufeff',
          ),
        }),
        fc.string({ unit: 'grapheme', minLength: 500, maxLength: 5000 }),
      )
      .filter((candidate) => !candidate.includes('\0'));
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const message = await addMessage(fresh.store, chat, { text: written, imageUrl: written });
        expect(await fresh.store.messages.find(owner.id, message.id)).toEqual(message);
        expect(await fresh.store.messages.list(chat.id, { limit: 1, newest: true })).toEqual([message]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['a\0b', 'half \ud83d', '\udc00 pair'])(
    'that no database keeps as it is are refused: %j',
    async (text) => {
      const { owner, chat } = await start();
      await expect(addMessage(fresh.store, chat, { text })).rejects.toMatchObject({
        code: 'text-not-unicode',
      });
      const found = fresh.store.transaction((tables) => tables.messages.find(owner.id, text as MessageUuid));
      await expect(found).rejects.toMatchObject({ code: 'text-not-unicode' });
      expect(await fresh.store.messages.list(chat.id, { limit: 9 })).toEqual([]);
    },
  );

  test('may be a megabyte long', async () => {
    const { owner, chat } = await start();
    const message = await addMessage(fresh.store, chat, { text: 'ä🙂'.repeat(200_000) });
    expect(await fresh.store.messages.find(owner.id, message.id)).toEqual(message);
  });
});
