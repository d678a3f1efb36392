import { expect, test } from 'vitest';
import type { MessageId } from '../../src/core/messages/message.ts';
import type { NodeId } from '../../src/core/replies/reply.ts';
import { describeEachEngine } from './each-engine.ts';
import { addUser, minutes, node, noon } from './rows.ts';

describeEachEngine('nodes', (fresh) => {
  test('hold as long as they are there', async () => {
    const { nodes } = fresh.store;
    expect(await nodes.holds(node)).toBe(false);
    await nodes.insert(node, noon);
    expect(await nodes.holds(node)).toBe(true);
    expect(await nodes.beat(node, minutes(1))).toBe(true);
    expect(await nodes.remove(node)).toBe(true);
    expect(await nodes.remove(node)).toBe(false);
    expect(await nodes.beat(node, minutes(2))).toBe(false);
    expect(await nodes.holds(node)).toBe(false);
  });

  test('are listed with their last beats', async () => {
    const { nodes } = fresh.store;
    const other = 'node-2' as NodeId;
    await nodes.insert(node, noon);
    await nodes.insert(other, noon);
    await nodes.beat(other, minutes(2));
    const beats = new Set(await nodes.list());
    expect(beats).toEqual(
      new Set([
        { id: node, beatAt: noon },
        { id: other, beatAt: minutes(2) },
      ]),
    );
  });

  test('are not removed as silent when they gave another sign since', async () => {
    const { nodes } = fresh.store;
    const silent = { id: node, beatAt: noon };
    await nodes.insert(node, noon);
    await nodes.beat(node, minutes(1));
    expect(await nodes.removeSilent(silent)).toBe(false);
    expect(await nodes.holds(node)).toBe(true);
    expect(await nodes.removeSilent({ id: node, beatAt: minutes(1) })).toBe(true);
    expect(await nodes.holds(node)).toBe(false);
  });

  test('are not removed as silent while they are giving another sign', async () => {
    const { store } = fresh;
    await store.nodes.insert(node, noon);
    let removed: Promise<boolean> | undefined;
    await store.transaction(async ({ nodes }) => {
      await nodes.beat(node, minutes(1));
      removed = store.nodes.removeSilent({ id: node, beatAt: noon });
    });
    expect(await removed).toBe(false);
    expect(await store.nodes.holds(node)).toBe(true);
  });
});

describeEachEngine('idempotency keys', (fresh) => {
  const record = { contentHash: 'hash', messageId: 7 as MessageId, replyId: null };

  test('belong to a user, compare byte for byte, and are taken once', async () => {
    const { idempotencyKeys } = fresh.store;
    const [user, other] = [await addUser(fresh.store), await addUser(fresh.store)];
    await idempotencyKeys.insert(user.id, 'key', { ...record, at: noon });
    await idempotencyKeys.insert(user.id, 'KEY', { ...record, at: noon });
    await idempotencyKeys.insert(other.id, 'key', { ...record, contentHash: 'other', at: noon });
    expect(await idempotencyKeys.find(user.id, 'key')).toEqual(record);
    expect(await idempotencyKeys.find(other.id, 'key')).toEqual({ ...record, contentHash: 'other' });
    expect(await idempotencyKeys.find(user.id, 'key2')).toBeUndefined();
    await expect(idempotencyKeys.insert(user.id, 'key', { ...record, at: noon })).rejects.toMatchObject({
      code: 'request-in-flight',
    });
  });

  test('are forgotten in bounded steps', async () => {
    const { idempotencyKeys } = fresh.store;
    const user = await addUser(fresh.store);
    for (const [key, at] of [
      ['a', 0],
      ['b', 1],
      ['c', 5],
    ] as const)
      await idempotencyKeys.insert(user.id, key, { ...record, at: minutes(at) });
    expect(await idempotencyKeys.purge(minutes(5), 1)).toBe(1);
    expect(await idempotencyKeys.purge(minutes(5), 9)).toBe(1);
    expect(await idempotencyKeys.purge(minutes(5), 9)).toBe(0);
    expect(await idempotencyKeys.find(user.id, 'c')).toEqual(record);
  });
});
