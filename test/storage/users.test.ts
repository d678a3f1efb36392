import { expect, test } from 'vitest';
import type { UserId, UserUuid } from '../../src/core/users/user.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChanges, addChat, addReply, addSession, addUser, minutes, noon } from './rows.ts';

describeEachEngine('users', (fresh) => {
  test('are found by id, uuid, and either login name', async () => {
    const user = await addUser(fresh.store, {
      username: 'Ann',
      usernameKey: 'ann',
      email: 'Ann@Example.org',
      emailKey: 'ann@example.org',
      firstName: 'Ann',
      passwordHash: 'secret-hash',
      role: 'admin',
    });
    expect(user).toMatchObject({ username: 'Ann', role: 'admin', disabledAt: null, createdAt: noon });
    expect(await fresh.store.users.find(user.id)).toEqual(user);
    expect(await fresh.store.users.find(user.uuid)).toEqual(user);
    const found = { user, passwordHash: 'secret-hash' };
    expect(await fresh.store.users.findByLogin('ann')).toEqual(found);
    expect(await fresh.store.users.findByLogin('ann@example.org')).toEqual(found);
    expect(await fresh.store.users.passwordHash(user.id)).toBe('secret-hash');
  });

  test('that are not there are undefined', async () => {
    expect(await fresh.store.users.find(7 as UserId)).toBeUndefined();
    expect(await fresh.store.users.find('nobody' as UserUuid)).toBeUndefined();
    expect(await fresh.store.users.findByLogin('nobody')).toBeUndefined();
    expect(await fresh.store.users.passwordHash(7 as UserId)).toBeUndefined();
  });

  test('have unique names and emails, by their keys and by nothing else', async () => {
    const { store } = fresh;
    await addUser(store, { username: 'Bob', usernameKey: 'bob', email: 'b@x.org', emailKey: 'b@x.org' });
    await expect(addUser(store, { usernameKey: 'bob' })).rejects.toMatchObject({ code: 'username-taken' });
    await expect(addUser(store, { emailKey: 'b@x.org' })).rejects.toMatchObject({ code: 'email-taken' });
    // The database compares bytes: what counts as the same name is for the core to say, in the key.
    for (const usernameKey of ['BOB', 'bób', 'bob ', 'ｂｏｂ']) await addUser(store, { usernameKey });
    const other = await addUser(store);
    await expect(store.users.update(other.id, { usernameKey: 'bob' }, noon)).rejects.toMatchObject({
      code: 'username-taken',
    });
    expect(await store.users.find(other.id)).toEqual(other);
  });

  test('may lack a name or an email, many of them', async () => {
    await addUser(fresh.store, { username: null, usernameKey: null, email: 'a@x.org', emailKey: 'a@x.org' });
    await addUser(fresh.store, { username: null, usernameKey: null, email: 'b@x.org', emailKey: 'b@x.org' });
    await addUser(fresh.store);
    await addUser(fresh.store);
    expect(await fresh.store.users.list({ after: null, limit: 10 })).toHaveLength(4);
  });

  test('change in the given fields only', async () => {
    const user = await addUser(fresh.store, { username: 'Cy', usernameKey: 'cy', firstName: 'Cy' });
    await fresh.store.users.update(user.id, { firstName: null, disabledAt: minutes(1) }, minutes(2));
    const changed = { ...user, firstName: null, disabledAt: minutes(1), updatedAt: minutes(2) };
    expect(await fresh.store.users.find(user.id)).toEqual(changed);
    await fresh.store.users.update(user.id, { disabledAt: null, role: 'admin' }, minutes(3));
    expect(await fresh.store.users.find(user.id)).toEqual({
      ...changed,
      disabledAt: null,
      role: 'admin',
      updatedAt: minutes(3),
    });
  });

  test('are listed in pages by id', async () => {
    const users = [await addUser(fresh.store), await addUser(fresh.store), await addUser(fresh.store)];
    expect(await fresh.store.users.list({ after: null, limit: 2 })).toEqual(users.slice(0, 2));
    expect(await fresh.store.users.list({ after: users[1]?.id ?? null, limit: 2 })).toEqual(users.slice(2));
  });

  test('are removed with everything of theirs but their logins', async () => {
    const { store } = fresh;
    const [user, other] = [await addUser(store, { usernameKey: 'eve' }), await addUser(store)];
    const session = await addSession(store, user);
    const [chat, kept] = [await addChat(store, user), await addChat(store, other)];
    const { question, reply } = await addReply(store, chat);
    await store.replies.append([{ replyId: reply.id, start: 0, text: 'text' }]);
    await addChanges(store, user, [{ type: 'chat-created', chat }]);
    const record = { contentHash: 'h', messageId: question.id, replyId: reply.id, at: noon };
    await store.idempotencyKeys.insert(user.id, 'key', record);
    await store.transaction(async ({ sessions, users }) => {
      await sessions.endAll(user.id, null, minutes(1));
      await users.remove(user.id);
    });
    expect(await store.users.find(user.id)).toBeUndefined();
    expect(await store.chats.find(user.id, chat.id)).toBeUndefined();
    expect(await store.messages.find(user.id, question.id)).toBeUndefined();
    expect(await store.replies.textFrom(reply.id, 0)).toBe('');
    expect(await store.idempotencyKeys.find(user.id, 'key')).toBeUndefined();
    expect(await store.feed.oldest(user.id)).toBeUndefined();
    expect(await store.sessions.endedSince(noon)).toEqual([session.id]);
    expect(await store.chats.find(other.id, kept.id)).toEqual(kept);
    await addUser(store, { usernameKey: 'eve' });
  });
});
