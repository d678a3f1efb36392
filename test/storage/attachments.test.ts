import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AttachmentUuid } from '../../src/core/attachments/attachment.ts';
import type { AttachmentTable, NewAttachment } from '../../src/core/attachments/attachment-table.ts';
import type { Store, Tables } from '../../src/core/store.ts';
import type { User } from '../../src/core/users/user.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { quickFolder } from '../support/quick-folder.ts';
import { createTempCore } from '../support/temp-core.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChat, addMessage, addUser, minutes, noon } from './rows.ts';

const add = (tables: Tables, user: User, attachment: Partial<NewAttachment> = {}) =>
  tables.attachments.insert({
    uuid: randomUUID() as AttachmentUuid,
    userId: user.id,
    name: 'Grüße.png',
    mediaType: 'image/png',
    sizeBytes: 5_000_000_000,
    sha256: 'a'.repeat(64),
    width: 640,
    height: 480,
    at: noon,
    ...attachment,
  });

describeEachEngine('attachments', (fresh) => {
  test('are found by their owner only', async () => {
    const { attachments } = fresh.store;
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const made = await add(fresh.store, user);
    expect(made).toMatchObject({ messageId: null, name: 'Grüße.png', createdAt: noon });
    expect(await attachments.find(user.id, made.uuid)).toEqual(made);
    expect(await attachments.find(other.id, made.uuid)).toBeUndefined();
    expect(await attachments.exists(made.uuid)).toBe(true);
    await attachments.remove(made.id);
    expect(await attachments.exists(made.uuid)).toBe(false);
  });

  test('are carried by the first message that takes them, of their owner', async () => {
    const { attachments } = fresh.store;
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const chat = await addChat(fresh.store, user);
    const [message, next] = [await addMessage(fresh.store, chat), await addMessage(fresh.store, chat)];
    const [mine, foreign] = [await add(fresh.store, user), await add(fresh.store, other)];
    expect(await attachments.countLoose(user.id)).toBe(1);
    expect(await attachments.attach(user.id, [mine.uuid, foreign.uuid], message.id)).toEqual([mine.uuid]);
    expect(await attachments.attach(user.id, [mine.uuid], next.id)).toEqual([]);
    expect((await attachments.find(user.id, mine.uuid))?.messageId).toBe(message.id);
    expect((await attachments.find(other.id, foreign.uuid))?.messageId).toBeNull();
    expect(await attachments.countLoose(user.id)).toBe(0);
    expect(await attachments.removeOfMessage(next.id)).toEqual([]);
    expect(await attachments.removeOfMessage(message.id)).toEqual([mine.uuid]);
    expect(await attachments.exists(mine.uuid)).toBe(false);
  });

  test('go with the chat whose messages carry them, and are counted for their owner', async () => {
    const { attachments } = fresh.store;
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    expect(await attachments.totalBytes(user.id)).toBe(0);
    const [chat, elsewhere] = [await addChat(fresh.store, user), await addChat(fresh.store, user)];
    const [first, second] = [await addMessage(fresh.store, chat), await addMessage(fresh.store, chat)];
    const made = [await add(fresh.store, user), await add(fresh.store, user), await add(fresh.store, user)];
    const [one, two, three] = made.map(({ uuid }) => [uuid]);
    await attachments.attach(user.id, one ?? [], first.id);
    await attachments.attach(user.id, two ?? [], second.id);
    await attachments.attach(user.id, three ?? [], (await addMessage(fresh.store, elsewhere)).id);
    const loose = await add(fresh.store, user, { sizeBytes: 7 });
    await add(fresh.store, other);
    expect(await attachments.totalBytes(user.id)).toBe(15_000_000_007);
    expect(await attachments.removeOfChat(other.id, chat.id)).toEqual([]);
    expect(await attachments.removeOfChat(user.id, chat.id)).toEqual([one, two].flat());
    expect(await attachments.totalBytes(user.id)).toBe(5_000_000_007);
    expect(await attachments.removeOfUser(user.id)).toEqual([...(three ?? []), loose.uuid]);
    expect(await attachments.totalBytes(other.id)).toBe(5_000_000_000);
  });

  test('are loose again when their message is gone, and go with their user', async () => {
    const { attachments, chats, users } = fresh.store;
    const user = await addUser(fresh.store);
    const chat = await addChat(fresh.store, user);
    const made = await add(fresh.store, user);
    await attachments.attach(user.id, [made.uuid], (await addMessage(fresh.store, chat)).id);
    await chats.delete(chat.id);
    expect(await attachments.countLoose(user.id)).toBe(1);
    await users.remove(user.id);
    expect(await attachments.exists(made.uuid)).toBe(false);
  });

  test('are found when they have been loose for long, a bounded number at a time', async () => {
    const { attachments } = fresh.store;
    const user = await addUser(fresh.store);
    const chat = await addChat(fresh.store, user);
    const old = [await add(fresh.store, user), await add(fresh.store, user), await add(fresh.store, user)];
    await add(fresh.store, user, { at: minutes(5) });
    const [carried] = old;
    if (carried) {
      await attachments.attach(user.id, [carried.uuid], (await addMessage(fresh.store, chat)).id);
      expect(await attachments.removeLoose(carried.id)).toBe(false);
    }
    expect(await attachments.loose(minutes(5), 10)).toEqual(old.slice(1));
    expect(await attachments.loose(minutes(5), 1)).toEqual(old.slice(1, 2));
    for (const { id } of old.slice(1)) expect(await attachments.removeLoose(id)).toBe(true);
    expect(await attachments.loose(minutes(5), 10)).toEqual([]);
  });
});

/** Each attachment that a transaction looks at is removed by somebody else right after. */
const removing = (store: Store): Store => ({
  ...store,
  transaction: (work) =>
    store.transaction((tables) => {
      const { attachments: table } = tables;
      const find: AttachmentTable['find'] = async (...asked) => {
        const found = await table.find(...asked);
        if (found) await store.attachments.remove(found.id);
        return found;
      };
      const attachments = {
        find,
        attach: table.attach.bind(table),
        insert: table.insert.bind(table),
        countLoose: table.countLoose.bind(table),
        totalBytes: table.totalBytes.bind(table),
      } as AttachmentTable;
      return work({ ...tables, attachments });
    }),
});

// On SQLite nobody writes between a look and a write of one transaction.
describeEachEngine(
  'a file that is removed while a message takes it',
  (fresh) => {
    test('is missing for the sender, and the message is not stored', async () => {
      const folder = mkdtempSync(join(quickFolder, 'parlance-taken-'));
      const temp = createTempCore(removing(fresh.store), { files: openFiles(folder) });
      const { core } = temp;
      const actor = await temp.newActor();
      const chat = await core.chats.create(actor, {});
      const upload = () =>
        core.attachments.store(actor, {
          name: 'note.txt',
          bytes: (async function* () {
            yield Buffer.from('a note');
          })(),
        });
      const carrying = async () => ({ chat: chat.id, text: 'look', attachments: [(await upload()).uuid] });
      await expect(core.messages.send(actor, await carrying())).rejects.toMatchObject({
        code: 'attachment-not-found',
      });
      await expect(core.messages.add(actor, { ...(await carrying()), role: 'user' })).rejects.toMatchObject({
        code: 'attachment-not-found',
      });
      expect(await core.messages.list(actor, chat.id, { limit: 9 })).toEqual([]);

      const { message } = await core.messages.add(actor, { chat: chat.id, role: 'user', text: 'first' });
      const reply = await core.messages.send(actor, { chat: chat.id, text: 'well?' });
      (await temp.ai.next()).finish('well');
      await core.replies.finished(actor, reply.reply.id);
      const { attachments } = await carrying();
      await expect(core.messages.branch(actor, message.id, { attachments })).rejects.toMatchObject({
        code: 'attachment-not-found',
      });
      await temp.stop(0);
      rmSync(folder, { recursive: true });
    });
  },
  { only: ['postgres', 'mysql'] },
);
