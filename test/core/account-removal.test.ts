import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/ports.ts';
import type { Store } from '../../src/core/store.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

const credentials = { username: 'ann', password: 'correct horse' };
const login = { login: credentials.username, password: credentials.password };

let storage: TempStorage;
let temp: ReturnType<typeof createTempCore>;
let actor: Actor;
/** How many transactions are left until the database goes away. */
let left = Number.POSITIVE_INFINITY;

beforeEach(async () => {
  storage = await openTempStorage();
  left = Number.POSITIVE_INFINITY;
  const store: Store = {
    ...storage.store,
    async transaction(work) {
      if (left === 0) throw new DomainError('storage-unavailable', { retryAfterSeconds: 1 });
      left -= 1;
      return storage.store.transaction(work);
    },
  };
  // Not started: nothing but the removal itself writes.
  temp = createTempCore(store, { files: openFiles(join(storage.folder, 'files')) });
  const user = await temp.core.users.register(credentials);
  const { session } = await temp.core.sessions.openAccess(user);
  actor = { userId: user.id, sessionId: session.id };
});
afterEach(async () => {
  await temp.stop(0);
  await storage.dispose();
});

const addFile = () =>
  temp.core.attachments.store(actor, {
    name: 'secret.txt',
    bytes: (async function* () {
      yield Buffer.from(`secret ${randomUUID()}`);
    })(),
  });
const addChat = async () => {
  const chat = await temp.core.chats.create(actor, {});
  const { uuid } = await addFile();
  const message = { chat: chat.id, role: 'user', text: 'a secret', attachments: [uuid] } as const;
  await temp.core.messages.add(actor, message);
  return chat;
};

it('can be asked for again wherever it broke off, until everything is gone', async () => {
  for (let chats = 0; chats < 3; chats += 1) await addChat();
  await addFile();
  const seen = new Set<number>();
  for (let transactions = 0; ; transactions += 1) {
    left = transactions;
    const code = await temp.core.users.remove(actor).then(
      () => undefined,
      (thrown: unknown) => DomainError.from(thrown).code,
    );
    left = Number.POSITIVE_INFINITY;
    if (code === undefined) break;
    expect(code).toBe('storage-unavailable');
    expect(await temp.core.users.authenticate(login)).toMatchObject({ id: actor.userId });
    seen.add((await temp.core.chats.list(actor, { after: null, limit: 9 })).length);
  }
  expect([...seen]).toEqual([3, 2, 0]);
  await expect(temp.core.users.authenticate(login)).rejects.toMatchObject({ code: 'credentials-wrong' });
  expect(await storage.store.search.usersWithFormers(9)).toEqual([]);
  expect(readdirSync(join(storage.folder, 'files'))).toEqual([]);
  expect(await temp.core.users.register(credentials)).toMatchObject({ username: 'ann' });
});

it('tells other devices of each chat that went before it broke off', async () => {
  const chat = await addChat();
  const from = await temp.core.feed.position(actor);
  left = 1;
  await expect(temp.core.users.remove(actor)).rejects.toMatchObject({ code: 'storage-unavailable' });
  const { entries } = await storage.store.feed.after(actor.userId, from, 9);
  expect(entries.map(({ change }) => change)).toEqual([
    { type: 'chat-deleted', chatId: chat.id, chatUuid: chat.uuid },
  ]);
});

it('asked for twice at once, is done once', async () => {
  for (let chats = 0; chats < 3; chats += 1) await addChat();
  await Promise.all([temp.core.users.remove(actor), temp.core.users.remove(actor)]);
  expect(await storage.store.users.find(actor.userId)).toBeUndefined();
});
