import { expect, test } from 'vitest';
import type { SessionUuid } from '../../src/core/sessions/session.ts';
import { describeEachEngine } from './each-engine.ts';
import { addSession, addUser, minutes, noon } from './rows.ts';

describeEachEngine('sessions', (fresh) => {
  test('are found with their user by uuid and by secret', async () => {
    const user = await addUser(fresh.store);
    const session = await fresh.store.sessions.insert({
      uuid: 'session-uuid' as SessionUuid,
      userId: user.id,
      kind: 'cookie',
      secretHash: 'secret',
      at: noon,
      lifetimeMs: 5 * 60_000,
    });
    expect(session).toMatchObject({ generation: 0, usedGeneration: 0, endedAt: null });
    expect(await fresh.store.sessions.find(session.uuid)).toEqual({ session, user });
    expect(await fresh.store.sessions.findBySecret('secret')).toEqual({ session, user });
    expect(await fresh.store.sessions.findBySecret('other')).toBeUndefined();
    expect(await fresh.store.sessions.find('other' as SessionUuid)).toBeUndefined();
  });

  test('change in the given fields only', async () => {
    const user = await addUser(fresh.store);
    const session = await addSession(fresh.store, user);
    await fresh.store.sessions.update(session.id, { generation: 2 });
    await fresh.store.sessions.update(session.id, { usedGeneration: 1, expiresAt: minutes(9) });
    await fresh.store.sessions.update(session.id, {});
    const changed = { ...session, generation: 2, usedGeneration: 1, expiresAt: minutes(9) };
    expect(await fresh.store.sessions.find(session.uuid)).toEqual({ session: changed, user });
  });

  test('end once, and the ends of any time on are told', async () => {
    const { sessions } = fresh.store;
    const user = await addUser(fresh.store);
    const [first, second] = [await addSession(fresh.store, user), await addSession(fresh.store, user)];
    expect(await sessions.end(first.id, minutes(1))).toBe(true);
    expect(await sessions.end(first.id, minutes(2))).toBe(false);
    expect(await sessions.end(second.id, minutes(3))).toBe(true);
    expect((await sessions.find(first.uuid))?.session.endedAt).toEqual(minutes(1));
    expect(await sessions.endedSince(minutes(1))).toEqual([first.id, second.id]);
    expect(await sessions.endedSince(minutes(2))).toEqual([second.id]);
    expect(await sessions.endedSince(minutes(4))).toEqual([]);
  });

  test('of one user end together, but for one', async () => {
    const { sessions } = fresh.store;
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const [kept, ended, over] = [
      await addSession(fresh.store, user),
      await addSession(fresh.store, user),
      await addSession(fresh.store, user),
    ];
    const foreign = await addSession(fresh.store, other);
    await sessions.end(over.id, minutes(1));
    expect(await sessions.endAll(user.id, kept.id, minutes(2))).toEqual([ended.id]);
    expect(await sessions.endAll(user.id, null, minutes(3))).toEqual([kept.id]);
    expect((await sessions.find(over.uuid))?.session.endedAt).toEqual(minutes(1));
    expect((await sessions.find(foreign.uuid))?.session.endedAt).toBeNull();
  });

  test('of one user end from the oldest on, until so many are left', async () => {
    const { sessions } = fresh.store;
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    const mine = [];
    for (let count = 0; count < 5; count += 1) mine.push(await addSession(fresh.store, user));
    const foreign = await addSession(fresh.store, other);
    const [first, second, over, fourth, fifth] = mine.map(({ id }) => id);
    await sessions.end(over ?? foreign.id, minutes(1));
    expect(await sessions.endOldest(user.id, 4, minutes(2))).toEqual([]);
    expect(new Set(await sessions.endOldest(user.id, 2, minutes(2)))).toEqual(new Set([first, second]));
    expect(await sessions.endOldest(user.id, 2, minutes(2))).toEqual([]);
    expect(await sessions.endAll(user.id, null, minutes(3))).toEqual([fourth, fifth]);
    expect((await sessions.find(foreign.uuid))?.session.endedAt).toBeNull();
  });

  test('are forgotten when they ended or expired long ago, in bounded steps', async () => {
    const { sessions } = fresh.store;
    const user = await addUser(fresh.store);
    const living = await addSession(fresh.store, user, minutes(600));
    const both = await addSession(fresh.store, user, minutes(1));
    await sessions.end(both.id, minutes(1));
    for (let count = 0; count < 3; count += 1) await addSession(fresh.store, user, minutes(2));
    const ended = await addSession(fresh.store, user, minutes(600));
    await sessions.end(ended.id, minutes(3));
    const sizes = [];
    for (let count = 0; count < 4; count += 1) sizes.push(await sessions.purge(minutes(60), 2));
    expect(sizes).toEqual([2, 2, 1, 0]);
    expect((await sessions.find(living.uuid))?.session).toEqual(living);
    expect(await sessions.find(both.uuid)).toBeUndefined();
    expect(await sessions.find(ended.uuid)).toBeUndefined();
  });
});
