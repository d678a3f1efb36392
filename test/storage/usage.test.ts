import { expect, test } from 'vitest';
import type { Tables } from '../../src/core/store.ts';
import type { DailyLimits } from '../../src/core/usage/usage.ts';
import type { Day } from '../../src/core/usage/utc-day.ts';
import type { User } from '../../src/core/users/user.ts';
import { describeEachEngine } from './each-engine.ts';
import { addUser } from './rows.ts';

const [yesterday, today] = ['2026-02-28' as Day, '2026-03-01' as Day];

describeEachEngine('usage', (fresh) => {
  test('adds up for each user, day, provider and model', async () => {
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const one = { replies: 1, promptTokens: 3, completionTokens: 5, durationMs: 700 };
    const large = { ...one, promptTokens: 2 ** 40, durationMs: 2 ** 40 };
    const a = { day: today, provider: 'openai', model: 'a' };
    const b = { day: today, provider: 'openai', model: 'b' };
    const early = { day: yesterday, provider: 'basic', model: '' };
    for (const sum of [b, a, early, a]) await fresh.store.usage.add(user.id, { ...sum, ...one });
    await fresh.store.usage.add(user.id, { ...b, ...large });
    await fresh.store.usage.add(other.id, { ...a, ...one });
    expect(await fresh.store.usage.list(user.id, { from: yesterday, to: today })).toEqual([
      { ...early, ...one },
      { ...a, replies: 2, promptTokens: 6, completionTokens: 10, durationMs: 1_400 },
      { ...b, replies: 2, promptTokens: 2 ** 40 + 3, completionTokens: 10, durationMs: 2 ** 40 + 700 },
    ]);
    expect(await fresh.store.usage.list(other.id, { from: today, to: today })).toHaveLength(1);
    expect(await fresh.store.usage.list(other.id, { from: yesterday, to: yesterday })).toEqual([]);
    await fresh.store.users.remove(user.id);
    expect(await fresh.store.usage.list(user.id, { from: yesterday, to: today })).toEqual([]);
  });

  const taking = (user: User, tokens: number, limits: DailyLimits) =>
    fresh.store.transaction(async (tables: Tables) => {
      await tables.feed.lock(user.id);
      return tables.usage.take(user.id, today, { amount: { tokens, replies: 1 }, limits });
    });

  test('is taken up to the limits and not beyond, however many take at once', async () => {
    const user = await addUser(fresh.store);
    const limits = { tokens: 100, replies: null };
    const taken = await Promise.all(Array.from({ length: 30 }, () => taking(user, 9, limits)));
    expect(taken.filter(Boolean)).toHaveLength(11);
    expect(await fresh.store.usage.taken(user.id, today)).toEqual({ tokens: 99, replies: 11 });
    expect(await taking(user, 1, limits)).toBe(true);
    expect(await taking(user, 0, { tokens: null, replies: 12 })).toBe(false);
    expect(await taking(user, 0, { tokens: null, replies: 13 })).toBe(true);
    expect(await fresh.store.usage.taken(user.id, yesterday)).toEqual({ tokens: 0, replies: 0 });
  });

  test('more than there is at all is not taken, also where nothing was', async () => {
    const user = await addUser(fresh.store);
    expect(await taking(user, 101, { tokens: 100, replies: null })).toBe(false);
    expect(await taking(user, 2 ** 40, { tokens: null, replies: null })).toBe(true);
    expect(await fresh.store.usage.taken(user.id, today)).toEqual({ tokens: 2 ** 40, replies: 1 });
  });

  test('is corrected, never below nothing, and only where something was taken', async () => {
    const user = await addUser(fresh.store);
    const { usage } = fresh.store;
    await usage.correct(user.id, today, { tokens: -5, replies: -1 });
    expect(await usage.taken(user.id, today)).toEqual({ tokens: 0, replies: 0 });
    await taking(user, 50, { tokens: 100, replies: 5 });
    await usage.correct(user.id, today, { tokens: -20, replies: 0 });
    expect(await usage.taken(user.id, today)).toEqual({ tokens: 30, replies: 1 });
    await usage.correct(user.id, today, { tokens: 90, replies: -1 });
    expect(await usage.taken(user.id, today)).toEqual({ tokens: 120, replies: 0 });
    await usage.correct(user.id, today, { tokens: -500, replies: -1 });
    expect(await usage.taken(user.id, today)).toEqual({ tokens: 0, replies: 0 });
  });

  test('forgets in bounded steps what was taken of days that are over', async () => {
    const users = [await addUser(fresh.store), await addUser(fresh.store)];
    const { usage } = fresh.store;
    const limits = { tokens: 100, replies: 5 };
    for (const { id } of users)
      for (const day of [yesterday, today])
        await usage.take(id, day, { amount: { tokens: 1, replies: 1 }, limits });
    expect(await usage.purge(today, 1)).toBe(1);
    expect(await usage.purge(today, 9)).toBe(1);
    expect(await usage.purge(today, 9)).toBe(0);
    for (const { id } of users) {
      expect(await usage.taken(id, yesterday)).toEqual({ tokens: 0, replies: 0 });
      expect(await usage.taken(id, today)).toEqual({ tokens: 1, replies: 1 });
    }
  });
});
