import { expect, test } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Actor } from '../../src/core/ports.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Reply } from '../../src/core/replies/reply.ts';
import { utcDay } from '../../src/core/usage/utc-day.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { createTempCore } from '../support/temp-core.ts';
import { describeEachEngine } from './each-engine.ts';

const limits = { ...defaultLimits, tokensPerDay: 3_000, waitingRepliesPerChat: 100 };
const prompt = { system: '', historyTurns: 20, historyTokens: 1_000, maxOutputTokens: 300 };

/** Talks until somebody stops it, whatever it was told. */
const talkative: Provider = {
  name: 'talkative',
  model: 'talkative-1',
  seesImages: false,
  models: async () => [],
  close: async () => undefined,
  async *stream(_prompt, signal) {
    while (!signal.aborted) {
      yield { type: 'text-delta', text: 'and another thing, ' };
      await new Promise((resolve) => void setImmediate(resolve));
    }
  },
};

describeEachEngine('a daily limit', (fresh) => {
  const today = () => utcDay(new Date());
  const sumOf = async ({ userId }: Actor) =>
    (await fresh.store.usage.list(userId, { from: today(), to: today() })).reduce(
      (sum, one) => sum + one.promptTokens + one.completionTokens,
      0,
    );

  test('is never overrun by sends to two processes at once, though the AI keeps to no length', async () => {
    const elsewhere = await openStorage({ url: fresh.url });
    const overrides = { provider: talkative, limits, prompt };
    const processes = [createTempCore(fresh.store, overrides), createTempCore(elsewhere, overrides)] as const;
    const actor = await processes[0].newActor();
    const chats = [];
    for (let count = 0; count < 25; count += 1) chats.push(await processes[0].core.chats.create(actor, {}));
    const sent = await Promise.allSettled(
      [...chats, ...chats].map(({ id }, index) =>
        (index % 2 === 0 ? processes[0] : processes[1]).core.messages.send(actor, {
          chat: id,
          text: 'well?',
        }),
      ),
    );
    const taken = (await fresh.store.usage.taken(actor.userId, today())).tokens;
    const replies: Reply[] = [];
    for (const one of sent) {
      if (one.status === 'fulfilled') replies.push(one.value.reply);
      else expect(one.reason).toMatchObject({ code: 'daily-limit-reached' });
    }
    expect(replies.length).toBeGreaterThanOrEqual(9);
    expect(replies.length).toBeLessThan(12);
    expect(taken).toBeLessThanOrEqual(limits.tokensPerDay);

    for (const { id } of replies) await processes[0].core.replies.finished(actor, id);
    const sum = await sumOf(actor);
    expect(sum).toBeGreaterThan(limits.tokensPerDay / 2);
    expect(sum).toBeLessThanOrEqual(limits.tokensPerDay);
    expect((await fresh.store.usage.taken(actor.userId, today())).tokens).toBe(sum);
    for (const { stop } of processes) await stop(0);
    await elsewhere.close();
  });

  test('gets back what a process that died held for a question outside any chat', async () => {
    const dying = createTempCore(fresh.store, { limits, prompt });
    const living = createTempCore(fresh.store, { limits, prompt, provider: dying.ai });
    const actor = await dying.newActor();
    const taken = () => fresh.store.usage.taken(actor.userId, today());
    const asked = dying.core.replies.ask(actor, { text: 'word' });
    const answer = await dying.ai.next();
    expect(await taken()).toEqual({ tokens: 305, replies: 1 });
    // Nobody asks as long as it lives.
    expect(await fresh.store.usage.orphans(9)).toEqual([]);

    const nodes = await fresh.store.nodes.list();
    for (const { id } of nodes) await fresh.store.transaction((tables) => tables.nodes.remove(id));
    expect(await fresh.store.usage.orphans(9)).toMatchObject([{ userId: actor.userId, tokens: 305 }]);
    await living.start();
    await expect.poll(() => fresh.store.usage.orphans(9), { timeout: 20_000 }).toEqual([]);
    expect(await taken()).toEqual({ tokens: 0, replies: 0 });

    // It was only slow: what it asked counts all the same, once.
    answer.finish('four');
    expect(await asked).toBe('four');
    expect(await taken()).toEqual({ tokens: 6, replies: 1 });
    expect(await sumOf(actor)).toBe(6);
    await living.stop(0);
    await dying.stop(0);
  });

  test('keeps what a living process holds, however long its AI takes', async () => {
    const slow = createTempCore(fresh.store, { limits, prompt, leaseMs: 200 });
    const other = createTempCore(fresh.store, { limits, prompt, leaseMs: 200 });
    const actor = await slow.newActor();
    await slow.start();
    await other.start();
    const asked = slow.core.replies.ask(actor, { text: 'word' });
    const answer = await slow.ai.next();
    const [node] = await fresh.store.nodes.list();
    if (node === undefined) throw new Error('It is not among the living');
    const lastSign = async () => {
      const nodes = await fresh.store.nodes.list();
      return nodes.find(({ id }) => id === node.id)?.beatAt.getTime() ?? Number.NaN;
    };
    const [until, patience] = [Date.now() + 600, { timeout: 20_000 }];
    // It gives signs of life for several leases.
    await expect.poll(lastSign, patience).toBeGreaterThanOrEqual(until);
    expect(await fresh.store.usage.taken(actor.userId, today())).toEqual({ tokens: 305, replies: 1 });
    answer.finish('four');
    expect(await asked).toBe('four');
    expect(await fresh.store.usage.taken(actor.userId, today())).toEqual({ tokens: 6, replies: 1 });
    expect(await fresh.store.usage.orphans(9)).toEqual([]);
    await slow.stop(0);
    await other.stop(0);
  });

  test('gets back what a process that died had held', async () => {
    const [dying, living] = [
      createTempCore(fresh.store, { limits, prompt }),
      createTempCore(fresh.store, { limits, prompt }),
    ];
    const actor = await dying.newActor();
    const chat = await dying.core.chats.create(actor, {});
    const { reply } = await dying.core.messages.send(actor, { chat: chat.id, text: 'word' });
    expect(await fresh.store.usage.taken(actor.userId, today())).toEqual({ tokens: 305, replies: 1 });
    const answer = await dying.ai.next();
    answer.say('four');
    await dying.core.replies.follow(actor, reply.id, { after: 0 })[Symbol.asyncIterator]().next();
    const { nodeId } = reply;
    if (!nodeId) throw new DomainError('server-error');
    await fresh.store.transaction((tables) => tables.nodes.remove(nodeId));
    await living.start();
    await expect(living.core.replies.finished(actor, reply.id)).rejects.toMatchObject({
      code: 'reply-interrupted',
    });
    answer.finish(' and much more that is lost');
    await dying.stop(0);
    expect(await living.core.replies.find(actor, reply.id)).toMatchObject({
      usage: { promptTokens: 5, completionTokens: 1, estimated: true },
    });
    expect(await fresh.store.usage.taken(actor.userId, today())).toEqual({ tokens: 6, replies: 1 });
    expect(await sumOf(actor)).toBe(6);
    await living.stop(0);
  });
});
