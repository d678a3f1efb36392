import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReplyEvent, UserEvent } from '../../src/core/events.ts';
import type { Actor, Fanout } from '../../src/core/ports.ts';
import type { ReplyKey } from '../../src/core/replies/reply.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { openRedis } from '../../src/redis/open-redis.ts';
import { createRedisFanout } from '../../src/redis/redis-fan-out.ts';
import { openTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';
import { createTempCore, silentLog } from '../support/temp-core.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';
import { missingRedis, newPrefix, testRedisUrl } from '../support/test-redis.ts';

const missing = await missingRedis();

type Node = ReturnType<typeof createTempCore> & { fanout: Fanout };

/** Two processes as they share a database and a Redis: what one writes, the other shows. */
describe.skipIf(missing !== undefined)(`two nodes${missing ? `: ${missing}` : ''}`, () => {
  let storage: TempStorage;
  let relay: TcpRelay;
  const closers: (() => Promise<void>)[] = [];
  let here: Node;
  let there: Node;
  let actor: Actor;

  beforeAll(async () => {
    const { hostname, port } = new URL(testRedisUrl);
    relay = await openTcpRelay({ host: hostname, port: Number(port || '6379') });
    storage = await openTempStorage();
    const prefix = newPrefix();
    const node = (url: string) => {
      const redis = openRedis({ url, prefix }, silentLog);
      const fanout = createRedisFanout({ local: createFanout({ log: silentLog }), redis, log: silentLog });
      closers.push(async () => {
        fanout.close();
        await redis.close();
      });
      return { ...createTempCore(storage.store, { fanout }), fanout };
    };
    here = node(testRedisUrl);
    there = node(`redis://127.0.0.1:${relay.port}`);
    await Promise.all([here.start(), there.start()]);
  });
  afterAll(async () => {
    await Promise.all([here.stop(0), there.stop(0)]);
    for (const close of closers) await close();
    await storage.dispose();
    await relay.close();
  });
  beforeEach(async () => {
    await relay.mend();
    actor = await here.newActor();
  });

  const chatOf = async () => (await here.core.chats.create(actor, {})).id;

  /** A reader of one reply on the other node. */
  function follow(key: ReplyKey, after = 0) {
    const events: ReplyEvent[] = [];
    let wake = () => undefined as void;
    const done = (async () => {
      for await (const event of there.core.replies.follow(actor, key, { after })) {
        events.push(event);
        wake();
      }
    })();
    const text = () => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
    const until = async (length: number) => {
      while (text().length < length) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { events, text, until, done };
  }

  it('a reader follows what the other writes, from any position, without gap', async () => {
    const { reply } = await here.core.messages.send(actor, { chat: await chatOf(), text: 'go' });
    const answer = await here.ai.next();
    const reader = follow(reply.uuid);
    let said = '';
    const late: ReturnType<typeof follow>[] = [];
    for (let count = 0; count < 200; count += 1) {
      answer.say(`${count} 👋 `);
      said += `${count} 👋 `;
      if (count % 50 === 49) {
        await reader.until(said.length);
        late.push(follow(reply.uuid, said.length - 3));
      }
    }
    answer.finish();
    await Promise.all([reader.done, ...late.map(({ done }) => done)]);
    expect(reader.text()).toBe(said);
    for (const { events, text } of late) {
      const [first] = events;
      expect(said.endsWith(text())).toBe(true);
      expect(first).toMatchObject({ type: 'text-delta', start: said.length - text().length });
      expect(events.at(-1)).toMatchObject({ type: 'reply-end', reply: { state: 'complete' } });
    }
  });

  it('a reader of what nobody writes yet subscribes once, and asks a few times a second', async () => {
    const chat = await chatOf();
    const one = await here.core.messages.send(actor, { chat, text: 'one' });
    const two = await here.core.messages.send(actor, { chat, text: 'two' });
    const { replies } = storage.store;
    const find = replies.find.bind(replies);
    const subscribe = vi.spyOn(there.fanout, 'subscribe');
    const begun = performance.now();
    const reader = follow(two.reply.uuid);
    // The first as it comes, one for what was said before its subscription stood, two for news of the sends, and then by the clock.
    await new Promise<void>((resolve) => {
      let looks = 0;
      vi.spyOn(replies, 'find').mockImplementation((...asked) => {
        looks += 1;
        if (looks === 5) resolve();
        return find(...asked);
      });
    });
    const took = performance.now() - begun;
    const subscriptions = subscribe.mock.calls.length;
    vi.restoreAllMocks();
    (await here.ai.next()).finish('1');
    await here.core.replies.finished(actor, one.reply.id);
    (await here.ai.next()).finish('2');
    await reader.done;
    expect(reader.text()).toBe('2');
    expect(subscriptions).toBe(1);
    expect(took).toBeGreaterThan(200);
  });

  it('the feed brings the changes and the text of the other node, once and in order', async () => {
    const abort = new AbortController();
    const events: UserEvent[] = [];
    const reading = (async () => {
      for await (const event of there.core.feed.follow(actor, 0, abort.signal)) {
        events.push(event);
        if (event.type === 'change' && event.change.type === 'reply-end') abort.abort();
      }
    })();
    const { reply } = await here.core.messages.send(actor, { chat: await chatOf(), text: 'go' });
    const answer = await here.ai.next();
    for (let count = 0; count < 50; count += 1) answer.say(`${count} `);
    answer.finish();
    await here.core.replies.finished(actor, reply.id);
    await reading;
    const changes = events.flatMap((event) => (event.type === 'change' ? [event] : []));
    expect(changes.map(({ position }) => position)).toEqual(changes.map((_, index) => index + 1));
    let shown = 0;
    for (const event of events) {
      if (event.type !== 'text-delta') continue;
      expect(event.start).toBe(shown);
      shown += event.text.length;
    }
  });

  it('a reply is stopped from the other node, and a deleted chat ends its reply there', async () => {
    const chat = await chatOf();
    const { reply } = await here.core.messages.send(actor, { chat, text: 'go' });
    const answer = await here.ai.next();
    answer.say('so far');
    await follow(reply.id).until(6);
    expect(await there.core.replies.stop(actor, reply.id)).toMatchObject({ state: 'stopped' });
    await answer.stopped;

    const next = await here.core.messages.send(actor, { chat, text: 'again' });
    const doomed = await here.ai.next();
    await there.core.chats.delete(actor, chat);
    doomed.say('to nobody');
    await doomed.stopped;
    await expect(there.core.replies.find(actor, next.reply.id)).rejects.toMatchObject({
      code: 'reply-not-found',
    });
  });

  it('without Redis, everything goes on: text and stops come by way of the database', async () => {
    const chat = await chatOf();
    await relay.cut();
    const { reply } = await here.core.messages.send(actor, { chat, text: 'go' });
    const answer = await here.ai.next();
    const reader = follow(reply.id);
    answer.say('by the database');
    await reader.until(15);
    expect(await there.core.replies.stop(actor, reply.id)).toMatchObject({ state: 'stopped' });
    await reader.done;
    expect(reader.text()).toBe('by the database');
  });

  it('a feed that was cut off from Redis has everything once it is back', async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    let wake = () => undefined as void;
    const reading = (async () => {
      const from = await there.core.feed.position(actor);
      for await (const event of there.core.feed.follow(actor, from, abort.signal)) {
        if (event.type === 'change' && event.change.type === 'chat-created')
          seen.push(event.change.chat.title);
        wake();
      }
    })();
    await relay.cut();
    for (const title of ['one', 'two']) await here.core.chats.create(actor, { title });
    await relay.mend();
    await here.core.chats.create(actor, { title: 'three' });
    while (seen.at(-1) !== 'three') await new Promise<void>((resolve) => (wake = resolve));
    abort.abort();
    await reading;
    expect(seen).toEqual(['one', 'two', 'three']);
  });

  it('a login that ends on one node ends on the other', async () => {
    const ended = new Promise<void>((resolve) => void there.core.sessions.onEnd(actor.sessionId, resolve));
    await here.core.sessions.close(actor);
    await expect(ended).resolves.toBeUndefined();
  });
});
