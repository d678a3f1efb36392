import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplyEvent } from '../../src/core/events.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { NodeId, ReplyUuid } from '../../src/core/replies/reply.ts';
import type { ReplyTable } from '../../src/core/replies/reply-table.ts';
import type { Actor } from '../../src/core/ports.ts';
import type { Store } from '../../src/core/store.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

/** Two processes on one database: the first is taken for dead while it writes. */
describe('a process that was taken for dead', () => {
  let storage: TempStorage;
  let slow: ReturnType<typeof createTempCore>;
  let living: ReturnType<typeof createTempCore>;

  beforeAll(async () => {
    storage = await openTempStorage();
    slow = createTempCore(storage.store);
    // One AI for both: whoever finds the dead first asks it the next question.
    living = createTempCore(storage.store, { provider: slow.ai });
    await slow.start();
  });
  afterAll(async () => {
    await slow.stop(0);
    await living.stop(0);
    await storage.dispose();
  });

  const follow = async (actor: Actor, core: typeof slow, uuid: ReplyUuid) => {
    const events: ReplyEvent[] = [];
    for await (const event of core.core.replies.follow(actor, uuid, { after: 0 })) events.push(event);
    return {
      end: events.at(-1),
      text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''),
    };
  };

  it('writes no more; its reply is ended by another, which writes the next one', async () => {
    const actor = await slow.newActor();
    const chat = await slow.core.chats.create(actor, {});
    const first = await slow.core.messages.send(actor, { chat: chat.id, text: 'one' });
    const second = await slow.core.messages.send(actor, { chat: chat.id, text: 'two' });
    const answer = await slow.ai.next();
    answer.say('stored');
    await slow.core.replies.follow(actor, first.reply.id, { after: 0 })[Symbol.asyncIterator]().next();

    const readers = [follow(actor, slow, first.reply.uuid), follow(actor, living, first.reply.uuid)];
    const nodeId = first.reply.nodeId as NodeId;
    await storage.store.transaction((tables) => tables.nodes.remove(nodeId));
    await living.start();
    const next = await slow.ai.next();
    answer.say(' and never seen');
    answer.finish();
    next.finish('2');

    for (const { text, end } of await Promise.all(readers)) {
      expect(text).toBe('stored');
      expect(end).toMatchObject({ type: 'reply-end', reply: { state: 'interrupted' } });
    }
    expect(next.prompt.turns.map((turn) => turn.text)).toEqual(['one', 'stored', 'two']);
    expect((await slow.core.replies.finished(actor, second.reply.id)).text).toBe('2');
    const messages = await living.core.messages.list(actor, chat.id, { limit: 9 });
    expect(messages.map(({ text, state }) => [text, state])).toEqual([
      ['one', 'complete'],
      ['stored', 'interrupted'],
      ['two', 'complete'],
      ['2', 'complete'],
    ]);
  });

  it('goes on under a new name', async () => {
    const actor = await slow.newActor();
    const chat = await slow.core.chats.create(actor, {});
    let text: string | undefined;
    // What is sent before the first beat under the new name, or while this machine stalls it, is interrupted, and sent again.
    while (text === undefined) {
      const { reply } = await slow.core.messages.send(actor, { chat: chat.id, text: 'still there?' });
      void slow.ai.next().then((one) => one.finish('yes'));
      text = await slow.core.replies.finished(actor, reply.id).then(
        (message) => message.text,
        () => undefined,
      );
    }
    expect(text).toBe('yes');
  });
});

describe('many replies of a process that died', () => {
  const replies = 120;
  /** Of a lease that has no second round while this runs. */
  const leaseMs = 60_000;
  let storage: TempStorage;
  let dead: ReturnType<typeof createTempCore>;

  beforeEach(async () => {
    storage = await openTempStorage();
    const limits = { ...defaultLimits, openRepliesPerUser: replies };
    dead = createTempCore(storage.store, { limits, leaseMs });
    const actor = await dead.newActor();
    const send = async () => {
      const chat = await dead.core.chats.create(actor, {});
      return dead.core.messages.send(actor, { chat: chat.id, text: 'one of many' });
    };
    const [first] = await Promise.all(Array.from({ length: replies }, send));
    await storage.store.nodes.remove(first?.reply.nodeId as NodeId);
  });
  afterEach(async () => {
    await dead.stop(0);
    await storage.dispose();
  });

  it('end in the round that finds them', async () => {
    const living = createTempCore(storage.store, { leaseMs });
    expect(await storage.store.replies.orphans(replies + 1)).toHaveLength(replies);
    await living.start();
    await expect.poll(() => storage.store.replies.orphans(1), { timeout: 10_000 }).toEqual([]);
    await living.stop(0);
  });

  it('are tried once a round where they cannot end', async () => {
    let looks = 0;
    const orphans: ReplyTable['orphans'] = async (limit) => {
      looks += 1;
      return storage.store.replies.orphans(limit);
    };
    let isBroken = true;
    const store: Store = {
      ...storage.store,
      // Of none of them more is asked outside of transactions.
      replies: { orphans } as ReplyTable,
      transaction: async (work) => {
        if (isBroken) throw new Error('This cannot be stored');
        return storage.store.transaction(work);
      },
    };
    const log = createRecordingLog();
    const living = createTempCore(store, { leaseMs, log });
    await living.start();
    await log.line('could not look for dead writers');
    expect(looks).toBe(2);
    isBroken = false;
    await living.stop(0);
  });
});

describe('a process that stops', () => {
  it('interrupts what does not finish in time and leaves what waits to the next', async () => {
    const storage = await openTempStorage();
    const first = createTempCore(storage.store);
    const second = createTempCore(storage.store);
    await first.start();
    const actor = await first.newActor();
    const chat = await first.core.chats.create(actor, {});
    const running = await first.core.messages.send(actor, { chat: chat.id, text: 'one' });
    const waiting = await first.core.messages.send(actor, { chat: chat.id, text: 'two' });
    const answer = await first.ai.next();
    answer.say('half');
    await first.core.replies.follow(actor, running.reply.id, { after: 0 })[Symbol.asyncIterator]().next();
    await first.stop(0);
    await expect(first.core.messages.send(actor, { chat: chat.id, text: 'late' })).rejects.toMatchObject({
      code: 'server-stopping',
    });
    expect(await second.core.replies.find(actor, running.reply.id)).toMatchObject({ state: 'interrupted' });
    expect(await second.core.replies.find(actor, waiting.reply.id)).toMatchObject({ state: 'waiting' });

    await second.start();
    (await second.ai.next()).finish('2');
    expect((await second.core.replies.finished(actor, waiting.reply.id)).text).toBe('2');
    await second.stop(0);
    await storage.dispose();
  });
});
