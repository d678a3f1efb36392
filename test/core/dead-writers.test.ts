import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplyEvent } from '../../src/core/events.ts';
import type { NodeId, ReplyUuid } from '../../src/core/replies/reply.ts';
import type { Actor } from '../../src/core/ports.ts';
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
