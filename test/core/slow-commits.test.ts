import { expect, it, vi } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage } from '../support/temp-storage.ts';

/** SQLite answers in microtasks, which alone would never let the commit begin. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A core whose database is over a network: between a commit and its news there may be a while. */
async function openSlow() {
  const storage = await openTempStorage();
  let held: Promise<void> | undefined;
  const slow: Store = {
    ...storage.store,
    async transaction(work) {
      const result = await storage.store.transaction(work);
      await held;
      return result;
    },
  };
  const temp = createTempCore(slow);
  await temp.start();
  return {
    ...temp,
    store: storage.store,
    /** Keeps back the news of commits until it is called again. */
    hold() {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => (release = resolve));
      return () => {
        held = undefined;
        release();
      };
    },
    async dispose() {
      await temp.stop(0);
      await storage.dispose();
    },
  };
}

it('a reply is complete that finishes while its only text is still being stored', async () => {
  const { core, ai, newActor, store, hold, dispose } = await openSlow();
  const actor = await newActor();
  const chat = await core.chats.create(actor, {});
  const { reply } = await core.messages.send(actor, { chat: chat.id, text: 'one word' });
  const answer = await ai.next();

  const release = hold();
  answer.say('word');
  while ((await store.replies.textFrom(reply.id, 0)) === '') await nextTurn();
  answer.finish();
  await answer.stopped;
  release();

  expect(await core.replies.finished(actor, reply.id)).toMatchObject({ text: 'word', state: 'complete' });
  await dispose();
});

it.each(['before it', 'after it'])(
  'the feed shows no text of a reply that ended, from a place %s',
  async (where) => {
    const { core, ai, newActor, store, hold, dispose } = await openSlow();
    const actor = await newActor();
    const chat = await core.chats.create(actor, {});
    const { reply } = await core.messages.send(actor, { chat: chat.id, text: 'one word' });
    const answer = await ai.next();
    const before = await core.feed.position(actor);

    const release = hold();
    answer.finish('all at once');
    while ((await store.replies.find(actor.userId, reply.id))?.state !== 'complete') await nextTurn();
    const after = where === 'before it' ? before : await core.feed.position(actor);
    const abort = new AbortController();
    const names: string[] = [];
    const position = vi.spyOn(store.feed, 'position');
    const reading = (async () => {
      for await (const event of core.feed.follow(actor, after, abort.signal)) {
        names.push(event.type === 'change' ? event.change.type : event.type);
        if (names.at(-1) === 'chat-updated') abort.abort();
      }
    })();
    await position.mock.results[0]?.value;
    release();
    await core.replies.finished(actor, reply.id);
    await core.chats.update(actor, chat.id, { pinned: true });
    await reading;
    expect(names).toEqual(where === 'before it' ? ['reply-end', 'chat-updated'] : ['chat-updated']);
    await dispose();
  },
);
