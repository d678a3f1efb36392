import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { ChangeType, UserEvent } from '../../src/core/events.ts';
import type { Store } from '../../src/core/store.ts';
import type { Actor } from '../../src/core/ports.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

/** A database whose server goes away after a commit and before its answer: nobody here knows that it is stored. */
describe('when the answer to a commit is lost', () => {
  let storage: TempStorage;
  let temp: ReturnType<typeof createTempCore>;
  let actor: Actor;
  let losing = 0;

  beforeAll(async () => {
    storage = await openTempStorage();
    const store: Store = {
      ...storage.store,
      async transaction(work) {
        const result = await storage.store.transaction(work);
        // A sign of life, or a place among the living, has no more to it than that.
        if (losing === 0 || typeof result !== 'object') return result;
        losing -= 1;
        throw new DomainError('storage-unavailable', { retryAfterSeconds: 1 });
      },
    };
    temp = createTempCore(store);
    await temp.start();
    actor = await temp.newActor();
  });
  afterAll(async () => {
    await temp.stop(0);
    await storage.dispose();
  });

  const newChat = () => temp.core.chats.create(actor, {});

  /** A new chat, and a device that follows the feed and was told of it; `next`: the next change of a kind that it is told. */
  const followedChat = async () => {
    const device = temp.core.feed.follow(actor, await temp.core.feed.position(actor))[Symbol.asyncIterator]();
    const next = async (type: ChangeType) => {
      for (;;) {
        const { value } = (await device.next()) as { value: UserEvent };
        if (value.type === 'change' && value.change.type === type) return value.change;
      }
    };
    const chat = await newChat();
    await next('chat-created');
    return { chat, next };
  };

  /** One that is stored: the first of a while also has to take the process's place. */
  const settled = async () => {
    const chat = await newChat();
    const { reply } = await temp.core.messages.send(actor, { chat: chat.id, text: 'before' });
    (await temp.ai.next()).finish('!');
    await temp.core.replies.finished(actor, reply.id);
  };

  it('of a send, the repetition finds it, and its reply is written', async () => {
    await settled();
    const chat = await newChat();
    const input = { chat: chat.id, text: 'once', idempotencyKey: randomUUID() };
    losing = 1;
    await expect(temp.core.messages.send(actor, input)).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    const again = await temp.core.messages.send(actor, input);
    expect(again.duplicate).toBe(true);
    (await temp.ai.next()).finish('answered');
    expect(await temp.core.replies.finished(actor, again.reply.id)).toMatchObject({ text: 'answered' });
    expect(await temp.core.messages.list(actor, chat.id, { limit: 9 })).toHaveLength(2);
  });

  it('of text, it is stored and shown once', async () => {
    const chat = await newChat();
    const { reply } = await temp.core.messages.send(actor, { chat: chat.id, text: 'tell me' });
    const answer = await temp.ai.next();
    const reader = temp.core.replies.follow(actor, reply.id, { after: 0 })[Symbol.asyncIterator]();
    losing = 1;
    answer.say('one');
    expect((await reader.next()).value).toMatchObject({ start: 0, text: 'one' });
    answer.finish(' two');
    expect(await temp.core.replies.finished(actor, reply.id)).toMatchObject({
      text: 'one two',
      state: 'complete',
    });
  });

  it('of an end, its readers get it, and the next reply is written', async () => {
    const chat = await newChat();
    const first = await temp.core.messages.send(actor, { chat: chat.id, text: 'one' });
    const second = await temp.core.messages.send(actor, { chat: chat.id, text: 'two' });
    const answer = await temp.ai.next();
    losing = 1;
    answer.finish('1');
    expect(await temp.core.replies.finished(actor, first.reply.id)).toMatchObject({ text: '1' });
    (await temp.ai.next()).finish('2');
    expect(await temp.core.replies.finished(actor, second.reply.id)).toMatchObject({ text: '2' });
  });

  it('of an end, whoever follows the feed is told', { timeout: 10_000 }, async () => {
    const { chat, next } = await followedChat();
    const { reply } = await temp.core.messages.send(actor, { chat: chat.id, text: 'tell me' });
    const answer = await temp.ai.next();
    losing = 1;
    answer.finish('all of it');
    expect(await next('reply-end')).toMatchObject({
      reply: { uuid: reply.uuid },
      message: { text: 'all of it' },
    });
  });

  it('of any change, whoever follows the feed is told', { timeout: 10_000 }, async () => {
    const { chat, next } = await followedChat();
    losing = 1;
    await expect(temp.core.chats.update(actor, chat.id, { title: 'unheard of' })).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    expect(await next('chat-updated')).toMatchObject({ chat: { title: 'unheard of' } });
  });
});
