import { expect, it } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage } from '../support/temp-storage.ts';

/** SQLite answers in microtasks, which alone would never let the commit begin. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('a reply is complete that finishes while its only text is still being stored', async () => {
  const storage = await openTempStorage();
  let held: Promise<void> | undefined;
  /** As a database over a network would: the commit is done, and its news is on the way. */
  const slow: Store = {
    ...storage.store,
    async transaction(work) {
      const result = await storage.store.transaction(work);
      await held;
      return result;
    },
  };
  const { core, ai, newActor, start, stop } = createTempCore(slow);
  await start();
  const actor = await newActor();
  const chat = await core.chats.create(actor, {});
  const { reply } = await core.messages.send(actor, { chat: chat.id, text: 'one word' });
  const answer = await ai.next();

  let release: () => void = () => undefined;
  held = new Promise((resolve) => (release = resolve));
  answer.say('word');
  while ((await storage.store.replies.textFrom(reply.id, 0)) === '') await nextTurn();
  answer.finish();
  await answer.stopped;
  held = undefined;
  release();

  expect(await core.replies.finished(actor, reply.id)).toMatchObject({ text: 'word', state: 'complete' });
  await stop(0);
  await storage.dispose();
});
