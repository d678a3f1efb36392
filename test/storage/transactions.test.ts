import { expect, test } from 'vitest';
import type { Tables } from '../../src/core/store.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChat, addUser, noon } from './rows.ts';

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
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, count) =>
        fresh.store.transaction(async (tables) => {
          if (count % 10 === 1) throw new Error('before it wrote');
          await add(tables, `u${count}`);
          if (count % 10 === 2) throw new Error('after it wrote');
          if (count % 10 === 3) await add(tables, `u${count - 3}`);
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
    expect(await names()).toEqual(kept.slice(0, 99).map((count) => `u${count}`));
    expect(outcomes[3]).toMatchObject({ reason: { code: 'username-taken' } });
  });

  test('run and commit in the order of their calls, each seeing those before it', async () => {
    const user = await addUser(fresh.store);
    const chat = await addChat(fresh.store, user);
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, count) => {
        await fresh.store.transaction(async (tables) => {
          const now = await tables.chats.find(user.id, chat.id);
          await tables.chats.update(chat.id, { messageCount: (now?.messageCount ?? 0) + 1 });
        });
        done.push(count);
      }),
    );
    expect(done).toEqual(Array.from({ length: 200 }, (_, count) => count));
    expect((await fresh.store.chats.find(user.id, chat.id))?.messageCount).toBe(200);
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
      const count = (store: typeof other) =>
        store.transaction(async (tables) => {
          const now = await tables.chats.find(user.id, chat.id);
          await tables.chats.update(chat.id, { messageCount: (now?.messageCount ?? 0) + 1 });
        });
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
