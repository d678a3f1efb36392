import { expect, test } from 'vitest';
import type { UserId } from '../../src/core/users/user.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChanges, addChat, addMessage, addReply, addUser, complete, minutes, noon } from './rows.ts';

describeEachEngine('the feed', (fresh) => {
  test('counts each user for himself', async () => {
    const [one, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const chat = await addChat(fresh.store, one);
    expect(await fresh.store.feed.position(one.id)).toBe(0);
    expect(await fresh.store.feed.oldest(one.id)).toBeUndefined();
    await addChanges(fresh.store, one, [{ type: 'chat-created', chat }]);
    await addChanges(fresh.store, one, [
      { type: 'chat-updated', chat },
      { type: 'chat-updated', chat },
    ]);
    expect(await fresh.store.feed.position(one.id)).toBe(3);
    expect(await fresh.store.feed.lock(one.id)).toBe(3);
    expect(await fresh.store.feed.oldest(one.id)).toBe(1);
    expect(await fresh.store.feed.position(other.id)).toBe(0);
    expect(await fresh.store.feed.after(other.id, 0, 9)).toEqual({ entries: [], position: 0 });
    await expect(fresh.store.feed.lock(99 as UserId)).rejects.toMatchObject({ code: 'user-not-found' });
  });

  test('takes a position once', async () => {
    const user = await addUser(fresh.store);
    const chat = await addChat(fresh.store, user);
    const entry = { userId: user.id, position: 1, at: noon, change: { type: 'chat-created', chat } } as const;
    await fresh.store.feed.append(user.id, [entry]);
    await expect(fresh.store.feed.append(user.id, [entry])).rejects.toThrow();
    await fresh.store.feed.append(user.id, []);
    expect(await fresh.store.feed.position(user.id)).toBe(1);
  });

  test('gives every kind of change with its subject as it stands now', async () => {
    const { store } = fresh;
    const user = await addUser(store);
    const chat = await addChat(store, user);
    const { question, answer, reply } = await addReply(store, chat);
    const cleared = { type: 'chat-cleared', chatId: 77, chatUuid: chat.uuid } as const;
    const deleted = { type: 'chat-deleted', chatId: 78, chatUuid: chat.uuid } as const;
    const removed = {
      type: 'message-deleted',
      messageId: 79,
      messageUuid: question.uuid,
      chatId: chat.id,
      chatUuid: chat.uuid,
    } as const;
    await addChanges(store, user, [
      { type: 'chat-created', chat },
      { type: 'message-created', message: question },
      { type: 'reply-start', reply, message: answer },
      cleared,
      deleted,
      removed,
      { type: 'reply-end', reply, message: null },
    ]);
    await store.chats.update(chat.id, { title: 'Now' });
    await store.messages.update(question.id, { text: 'edited' });
    await store.replies.append([{ replyId: reply.id, start: 0, text: 'so far' }]);
    const { entries, position } = await store.feed.after(user.id, 0, 9);
    expect(position).toBe(7);
    expect(entries.map((entry) => entry.position)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(entries[0]).toMatchObject({ userId: user.id, at: noon });
    expect(entries.map(({ change }) => change)).toEqual([
      { type: 'chat-created', chat: { ...chat, title: 'Now' } },
      { type: 'message-created', message: { ...question, text: 'edited' } },
      { type: 'reply-start', reply, message: { ...answer, text: 'so far' } },
      cleared,
      deleted,
      removed,
      { type: 'reply-end', reply, message: null },
    ]);
  });

  test('leaves out what is gone, says how far it looked, and holds no copy of a text', async () => {
    const { store } = fresh;
    const user = await addUser(store);
    const [chat, kept] = [await addChat(store, user), await addChat(store, user)];
    const [buried, message] = [await addMessage(store, kept), await addMessage(store, chat)];
    const { reply, answer } = await addReply(store, kept);
    await addChanges(store, user, [
      { type: 'chat-updated', chat: kept },
      { type: 'message-created', message: buried },
      { type: 'message-updated', message: buried },
      { type: 'reply-start', reply, message: answer },
      { type: 'reply-end', reply, message: answer },
      { type: 'chat-created', chat },
      { type: 'message-created', message },
    ]);
    await store.messages.bury(buried.id, minutes(1));
    await store.replies.end(reply.id, { ...complete, keepsMessage: false });
    await store.messages.bury(answer.id, minutes(1));
    await store.chats.delete(chat.id);
    const { entries, position } = await store.feed.after(user.id, 0, 9);
    expect(position).toBe(7);
    expect(entries.map((entry) => [entry.position, entry.change.type])).toEqual([
      [1, 'chat-updated'],
      [5, 'reply-end'],
    ]);
    expect(entries[1]?.change).toMatchObject({
      message: null,
      reply: { state: 'complete', messageId: null },
    });
    expect(await store.feed.after(user.id, 5, 9)).toEqual({ entries: [], position: 7 });
    expect(await store.feed.after(user.id, 7, 9)).toEqual({ entries: [], position: 7 });
  });

  test('is read in pages, over any number of subjects', async () => {
    const { store } = fresh;
    const user = await addUser(store);
    const chat = await addChat(store, user);
    await store.transaction(async (tables) => {
      for (let count = 0; count < 150; count += 1) {
        const message = await addMessage(tables, chat, { text: `${count}` });
        await addChanges(tables, user, [{ type: 'message-created', message }]);
      }
    });
    const texts: string[] = [];
    let place = 0;
    for (;;) {
      const { entries, position } = await store.feed.after(user.id, place, 67);
      if (position === place) break;
      place = position;
      for (const { change } of entries)
        if ('message' in change && change.message) texts.push(change.message.text);
    }
    expect(texts).toEqual(Array.from({ length: 150 }, (_, count) => `${count}`));
  });

  test('forgets old changes in bounded steps, and keeps counting', async () => {
    const { store } = fresh;
    const user = await addUser(store);
    const chat = await addChat(store, user);
    await addChanges(store, user, [
      { type: 'chat-created', chat },
      { type: 'chat-updated', chat },
      { type: 'chat-updated', chat },
    ]);
    expect(await store.feed.purge(noon, 9)).toBe(0);
    expect(await store.feed.purge(minutes(1), 2)).toBe(2);
    expect(await store.feed.oldest(user.id)).toBe(3);
    expect(await store.feed.purge(minutes(1), 2)).toBe(1);
    expect(await store.feed.oldest(user.id)).toBeUndefined();
    expect(await store.feed.position(user.id)).toBe(3);
  });
});
