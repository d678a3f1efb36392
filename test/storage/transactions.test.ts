import { expect, test } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { FeedEntry } from '../../src/core/events.ts';
import type { Tables } from '../../src/core/store.ts';
import type { User, UserId } from '../../src/core/users/user.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChat, addSession, addUser, noon } from './rows.ts';

/** Some change, at a place in a user's feed. */
const someChange = (userId: UserId, position: number): FeedEntry => ({
  userId,
  position,
  at: noon,
  change: { type: 'chat-deleted', chatId: position, chatUuid: 'gone' as Chat['uuid'] },
});

describeEachEngine('transactions', (fresh) => {
  const names = async () =>
    (await fresh.store.users.list({ after: null, limit: 99 })).map(({ username }) => username);
  const add = (tables: Tables, name: string) => addUser(tables, { username: name, usernameKey: name });

  test('commit what they wrote, and give its result', async () => {
    const user = await fresh.store.transaction(async (tables) => {
      const made = await add(tables, 'ann');
      expect(await tables.users.find(made.id)).toEqual(made);
      return made;
    });
    expect(await fresh.store.users.find(user.id)).toEqual(user);
  });

  test('are not seen from outside before they have committed', async () => {
    let seen: unknown = 'never looked';
    await fresh.store.transaction(async (tables) => {
      const user = await add(tables, 'ann');
      seen = await fresh.store.users.find(user.id);
    });
    expect(seen).toBeUndefined();
    expect(await names()).toEqual(['ann']);
  });

  test('that throw leave nothing, before or after they wrote, and say why', async () => {
    await expect(
      fresh.store.transaction(async (tables) => {
        await add(tables, 'ann');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const thrown = fresh.store.transaction(() => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    expect(await names()).toEqual([]);
  });

  test('that throw take nothing with them of those that share their commit', async () => {
    await add(fresh.store, 'ann');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, count) =>
        fresh.store.transaction(async (tables) => {
          if (count % 10 === 1) throw new Error('before it wrote');
          await add(tables, `u${count}`);
          if (count % 10 === 2) throw new Error('after it wrote');
          if (count % 10 === 3) await add(tables, 'ann');
          return count;
        }),
      ),
    );
    const kept = Array.from({ length: 100 }, (_, count) => count).filter(
      (count) => ![1, 2, 3].includes(count % 10),
    );
    expect(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))).toEqual(
      kept,
    );
    const stored = ['ann', ...kept.map((count) => `u${count}`)];
    expect(new Set(await names())).toEqual(new Set(stored));
    expect(outcomes[3]).toMatchObject({ reason: { code: 'username-taken' } });
  });

  /** Adds one to a chat's count, as it is read in the transaction. */
  const countUp = async (tables: Tables, chat: Chat) => {
    await tables.feed.lock(chat.userId);
    const now = await tables.chats.find(chat.userId, chat.id);
    await tables.chats.update(chat.id, { messageCount: (now?.messageCount ?? 0) + 1 });
  };

  test('under the lock of a user see what those before them wrote, however many run at once', async () => {
    const user = await addUser(fresh.store);
    const chat = await addChat(fresh.store, user);
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 60 }, async (_, count) => {
        await fresh.store.transaction((tables) => countUp(tables, chat));
        done.push(count);
      }),
    );
    expect((await fresh.store.chats.find(user.id, chat.id))?.messageCount).toBe(60);
    // Where there is one writer, they commit in the order of their calls as well.
    if (fresh.engine === 'sqlite') expect(done).toEqual(Array.from({ length: 60 }, (_, count) => count));
  });

  test('wait for a user, or a login, that another has locked', async () => {
    const user = await addUser(fresh.store);
    const session = await addSession(fresh.store, user);
    const rotate = () =>
      fresh.store.transaction(async ({ sessions }) => {
        await sessions.lock(session.uuid);
        const found = await sessions.find(session.uuid);
        await sessions.update(session.id, { generation: (found?.session.generation ?? 0) + 1 });
      });
    const rename = () =>
      fresh.store.transaction(async ({ users }) => {
        await users.lock(user.id);
        const found = await users.find(user.id);
        await users.update(user.id, { firstName: `${found?.firstName ?? ''}x` }, noon);
      });
    await Promise.all(Array.from({ length: 10 }, () => [rotate(), rename()]).flat());
    const found = await fresh.store.sessions.find(session.uuid);
    expect(found).toMatchObject({ session: { generation: 10 }, user: { firstName: 'x'.repeat(10) } });
  });

  test('whose work goes on after a statement that failed are not acknowledged', async () => {
    await add(fresh.store, 'ann');
    const going = fresh.store.transaction(async (tables) => {
      await add(tables, 'ann').catch(() => undefined);
      await add(tables, 'bob');
    });
    if (fresh.engine === 'sqlite') {
      await going;
      expect(await names()).toEqual(['ann', 'bob']);
    } else {
      await expect(going).rejects.toMatchObject({ code: 'username-taken' });
      expect(await names()).toEqual(['ann']);
    }
  });

  test('lend their tables until they end', async () => {
    let kept: Tables | undefined;
    await fresh.store.transaction(async (tables) => {
      kept = tables;
    });
    await expect(kept?.users.list({ after: null, limit: 1 })).rejects.toThrow('after its work had ended');
    await expect(kept && add(kept, 'late')).rejects.toThrow('after its work had ended');
    expect(await names()).toEqual([]);
  });

  test('of two processes exclude each other', async () => {
    const other = await openStorage({ url: fresh.url });
    try {
      const user = await addUser(fresh.store);
      const chat = await addChat(fresh.store, user);
      const count = (store: typeof other) => store.transaction((tables) => countUp(tables, chat));
      for (let round = 0; round < 20; round += 1) await Promise.all([count(fresh.store), count(other)]);
      expect((await other.chats.find(user.id, chat.id))?.messageCount).toBe(40);
      expect((await fresh.store.chats.find(user.id, chat.id))?.messageCount).toBe(40);
    } finally {
      await other.close();
    }
  });

  test('taken before the end are finished at the end, later ones refused', async () => {
    const running = fresh.store.transaction((tables) => add(tables, 'ann'));
    const closing = fresh.store.close();
    await expect(fresh.store.nodes.beat('n' as never, noon)).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    expect(await running).toMatchObject({ username: 'ann' });
    await closing;
    await expect(fresh.store.ping()).rejects.toMatchObject({ code: 'storage-unavailable' });
    await fresh.store.close();
  });
});

// Where there is one writer at a time, nobody can be locked out.
describeEachEngine(
  'transactions that meet',
  (fresh) => {
    test('that lock each other out are run again', async () => {
      const [one, other] = [await addUser(fresh.store), await addUser(fresh.store)];
      const holding = new Set<UserId>();
      let wake = () => {};
      const bothHold = new Promise<void>((resolve) => (wake = resolve));
      let runs = 0;
      const both = (first: User, second: User) =>
        fresh.store.transaction(async (tables) => {
          runs += 1;
          const mine = await tables.feed.lock(first.id);
          holding.add(first.id);
          if (holding.size === 2) wake();
          await bothHold;
          const theirs = await tables.feed.lock(second.id);
          await tables.feed.append(first.id, [someChange(first.id, mine + 1)]);
          await tables.feed.append(second.id, [someChange(second.id, theirs + 1)]);
        });
      await Promise.all([both(one, other), both(other, one)]);
      expect(runs).toBeGreaterThan(2);
      expect(await fresh.store.feed.position(one.id)).toBe(2);
      expect(await fresh.store.feed.position(other.id)).toBe(2);
    });
  },
  { only: ['postgres', 'mysql'] },
);
