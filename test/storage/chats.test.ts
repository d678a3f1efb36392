import { expect, test } from 'vitest';
import type { ChatId, ChatUuid } from '../../src/core/chats/chat.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChat, addMessage, addReply, addUser, minutes, noon } from './rows.ts';

describeEachEngine('chats', (fresh) => {
  test('are found by their owner alone', async () => {
    const [owner, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const chat = await addChat(fresh.store, owner);
    expect(chat).toMatchObject({
      pinned: false,
      titled: false,
      messageCount: 0,
      lastMessageAt: null,
      revision: 1,
    });
    for (const key of [chat.id, chat.uuid]) {
      expect(await fresh.store.chats.find(owner.id, key)).toEqual(chat);
      expect(await fresh.store.chats.find(other.id, key)).toBeUndefined();
      expect(await fresh.store.chats.isForeign(owner.id, key)).toBe(false);
      expect(await fresh.store.chats.isForeign(other.id, key)).toBe(true);
    }
    expect(await fresh.store.chats.isForeign(owner.id, 99 as ChatId)).toBe(false);
    expect(await fresh.store.chats.isForeign(owner.id, 'none' as ChatUuid)).toBe(false);
  });

  test('change in the given fields only', async () => {
    const owner = await addUser(fresh.store);
    const chat = await addChat(fresh.store, owner);
    const patch = {
      title: 'Named',
      titled: true,
      pinned: true,
      messageCount: 2,
      lastMessageAt: minutes(1),
      lastMessageText: 'hi',
      model: 'openai:m',
      systemPrompt: 'Be brief.',
      temperature: 0.125,
      maxOutputTokens: 50,
      revision: 2,
      updatedAt: minutes(1),
    };
    await fresh.store.chats.update(chat.id, patch);
    await fresh.store.chats.update(chat.id, { pinned: false, lastMessageAt: null });
    await fresh.store.chats.update(chat.id, {});
    const changed = { ...chat, ...patch, pinned: false, lastMessageAt: null };
    expect(await fresh.store.chats.find(owner.id, chat.id)).toEqual(changed);
  });

  test('are listed by their newest change in pages, without gap or repetition among equal times', async () => {
    const [owner, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    await addChat(fresh.store, other);
    for (let count = 0; count < 12; count += 1) {
      const chat = await addChat(fresh.store, owner, minutes(count % 3));
      if (count % 4 === 0) await fresh.store.chats.update(chat.id, { pinned: true });
    }
    const everything = await fresh.store.chats.list(owner.id, { after: null, limit: 50 });
    expect(everything.map(({ id, updatedAt }) => [updatedAt.getTime(), id])).toEqual(
      everything
        .map(({ id, updatedAt }) => [updatedAt.getTime(), id] as const)
        .toSorted((a, b) => b[0] - a[0] || b[1] - a[1]),
    );
    expect(everything).toHaveLength(12);
    const pagesOf = async (filter: { pinned?: boolean }) => {
      const found = [];
      for (;;) {
        const last = found.at(-1);
        const after = last ? { at: last.updatedAt, id: last.id } : null;
        const page = await fresh.store.chats.list(owner.id, { after, limit: 2, ...filter });
        if (page.length === 0) return found;
        found.push(...page);
      }
    };
    expect(await pagesOf({})).toEqual(everything);
    expect(await pagesOf({ pinned: true })).toEqual(everything.filter(({ pinned }) => pinned));
    expect(await pagesOf({ pinned: false })).toEqual(everything.filter(({ pinned }) => !pinned));
  });

  test('go with everything that is theirs, and nothing that is not', async () => {
    const { store } = fresh;
    const owner = await addUser(store);
    const [chat, kept] = [await addChat(store, owner), await addChat(store, owner)];
    const gone = await addReply(store, chat);
    const stays = await addReply(store, kept);
    await store.replies.append([
      { replyId: gone.reply.id, start: 0, text: 'gone' },
      { replyId: stays.reply.id, start: 0, text: 'stays' },
    ]);
    await store.idempotencyKeys.insert(owner.id, 'key', {
      contentHash: 'h',
      messageId: gone.question.id,
      replyId: gone.reply.id,
      at: noon,
    });
    await store.chats.delete(chat.id);
    expect(await store.chats.find(owner.id, chat.id)).toBeUndefined();
    expect(await store.messages.find(owner.id, gone.question.id)).toBeUndefined();
    expect(await store.replies.find(owner.id, gone.reply.id)).toBeUndefined();
    expect(await store.replies.textFrom(gone.reply.id, 0)).toBe('');
    expect(await store.replies.countOpen(owner.id)).toBe(1);
    expect(await store.idempotencyKeys.find(owner.id, 'key')).toMatchObject({ messageId: gone.question.id });
    expect(await store.replies.textFrom(stays.reply.id, 0)).toBe('stays');
    expect(await store.messages.list(kept.id, { limit: 9 })).toHaveLength(2);
  });

  test('keep their numbers for themselves, even when they are gone', async () => {
    const owner = await addUser(fresh.store);
    const chat = await addChat(fresh.store, owner);
    const message = await addMessage(fresh.store, chat);
    await fresh.store.chats.delete(chat.id);
    const next = await addChat(fresh.store, owner);
    expect(next.id).toBeGreaterThan(chat.id);
    expect((await addMessage(fresh.store, next)).id).toBeGreaterThan(message.id);
  });
});
