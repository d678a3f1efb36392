import { expect, test } from 'vitest';
import type { Actor } from '../../src/core/ports.ts';
import { createNodeLease } from '../../src/core/replies/node-lease.ts';
import type { NodeId, ReplyId } from '../../src/core/replies/reply.ts';
import type { Store } from '../../src/core/store.ts';
import { createTempCore, silentLog } from '../support/temp-core.ts';
import { describeEachEngine } from './each-engine.ts';
import { minutes, noon } from './rows.ts';

type TempCore = ReturnType<typeof createTempCore>;

/** Several processes on one database, of which one was idle, or waits, when it is asked for a reply. */
describeEachEngine('a node that lives', (fresh) => {
  const answer = async ({ core, ai }: TempCore, actor: Actor, id: ReplyId) => {
    (await ai.next()).finish('an answer');
    return core.replies.finished(actor, id);
  };

  test('is not removed when it begins to write while another finds that it was silent', async () => {
    const held = gate();
    const { nodes } = fresh.store;
    const removeSilent: Store['nodes']['removeSilent'] = async (node) => {
      await held.pass();
      return nodes.removeSilent(node);
    };
    // Outside of transactions it asks for nothing else of them.
    const list: Store['nodes']['list'] = () => nodes.list();
    const storeOfOther: Store = { ...fresh.store, nodes: { list, removeSilent } as Store['nodes'] };
    const idle = createTempCore(fresh.store, { leaseMs: 200 });
    const other = createTempCore(storeOfOther, { leaseMs: 200 });
    const actor = await idle.newActor();
    const chat = await idle.core.chats.create(actor, {});
    const first = await idle.core.messages.send(actor, { chat: chat.id, text: 'one' });
    await answer(idle, actor, first.reply.id);

    await other.start();
    await held.reached;
    const second = await idle.core.messages.send(actor, { chat: chat.id, text: 'two' });
    held.open();
    // It ends the look that it had begun, and looks no more.
    await other.stop(0);
    expect(await answer(idle, actor, second.reply.id)).toMatchObject({ state: 'complete' });
    await idle.stop(0);
  });

  test('claims under a new name when it was taken for dead and has not noticed', async () => {
    const slow = createTempCore(fresh.store, { leaseMs: 60_000 });
    const actor = await slow.newActor();
    const chat = await slow.core.chats.create(actor, {});
    const first = await slow.core.messages.send(actor, { chat: chat.id, text: 'one' });
    await answer(slow, actor, first.reply.id);
    await fresh.store.nodes.remove(first.reply.nodeId as NodeId);

    const claimed = await slow.core.messages.send(actor, { chat: chat.id, text: 'two' });
    const next = await slow.core.messages.send(actor, { chat: chat.id, text: 'three' });
    const nodeId = claimed.reply.nodeId as NodeId;
    expect(nodeId).not.toBe(first.reply.nodeId);
    expect(await fresh.store.nodes.holds(nodeId)).toBe(true);
    expect(await fresh.store.replies.orphans(9)).toEqual([]);
    expect(await answer(slow, actor, claimed.reply.id)).toMatchObject({ state: 'complete' });
    expect(await answer(slow, actor, next.reply.id)).toMatchObject({ state: 'complete' });

    // Nothing of the first try is left.
    expect(await slow.core.messages.list(actor, chat.id, { limit: 9 })).toHaveLength(6);
    await slow.stop(0);
  });

  test('gives a sign of life with a claim when its last one is old', async () => {
    let now = noon;
    const isWriting = () => false;
    const beaten = async () => undefined;
    const { store } = fresh;
    const lease = createNodeLease({ store, clock: () => now, log: silentLog, leaseMs: 0, isWriting, beaten });
    await lease.enter();
    now = minutes(1);
    const id = await store.transaction((tables) => lease.hold(tables));
    expect(await store.nodes.list()).toEqual([{ id, beatAt: minutes(1) }]);
  });
});

describeEachEngine('nodes whose clocks differ by an hour', (fresh) => {
  const ahead = () => new Date(Date.now() + 3_600_000);

  test('leave each other alive', async () => {
    const writing = createTempCore(fresh.store);
    const other = createTempCore(fresh.store, { clock: ahead });
    const actor = await writing.newActor();
    const chat = await writing.core.chats.create(actor, {});
    const { reply } = await writing.core.messages.send(actor, { chat: chat.id, text: 'one' });
    const answer = await writing.ai.next();
    await other.start();
    // It ends the look that it has begun.
    await other.stop(0);
    answer.finish('an answer');
    expect(await writing.core.replies.finished(actor, reply.id)).toMatchObject({ state: 'complete' });
    await writing.stop(0);
  });

  test('find each other dead all the same', async () => {
    const dead = createTempCore(fresh.store, { clock: ahead });
    const living = createTempCore(fresh.store, { leaseMs: 200 });
    const actor = await dead.newActor();
    const chat = await dead.core.chats.create(actor, {});
    const { reply } = await dead.core.messages.send(actor, { chat: chat.id, text: 'one' });
    await living.start();
    const stateOf = async () => (await living.core.replies.find(actor, reply.id)).state;
    await expect.poll(stateOf, { timeout: 10_000 }).toBe('interrupted');
    await living.stop(0);
    await dead.stop(0);
  });
});

describeEachEngine(
  'a node that waits for a user',
  (fresh) => {
    test('gives signs of life before it has claimed anything', async () => {
      const waiting = createTempCore(fresh.store, { leaseMs: 200 });
      await waiting.start();
      const actor = await waiting.newActor();
      const chat = await waiting.core.chats.create(actor, {});
      const held = gate();
      const locking = fresh.store.transaction(async ({ feed }) => {
        await feed.lock(actor.userId);
        await held.pass();
      });
      await held.reached;

      const sending = waiting.core.messages.send(actor, { chat: chat.id, text: 'one' });
      const signs = new Set<number>();
      const look = async () => {
        for (const { beatAt } of await fresh.store.nodes.list()) signs.add(beatAt.getTime());
        return signs.size;
      };
      await expect.poll(look, { timeout: 20_000 }).toBeGreaterThan(3);
      held.open();
      await locking;
      (await waiting.ai.next()).finish('an answer');
      const { reply } = await sending;
      expect(await waiting.core.replies.finished(actor, reply.id)).toMatchObject({ state: 'complete' });
      await waiting.stop(0);
    });
  },
  // Who holds a row of SQLite's holds all of them.
  { only: ['postgres', 'mysql'] },
);

/** What is held once, where it passes, until it is opened. */
function gate() {
  let open: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const pass = () => {
    arrive();
    return opened;
  };
  return { reached, pass, open: () => open() };
}
