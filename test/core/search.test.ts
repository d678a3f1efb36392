import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/ports.ts';
import { createTempCore, openTempCore, type TempCore } from '../support/temp-core.ts';
import { createQuickAi } from './quick-ai.ts';

let temp: TempCore;
beforeAll(async () => {
  temp = await openTempCore({ provider: createQuickAi() });
});
afterAll(() => temp.dispose());

const indexed = async ({ userId }: Actor, term: string) =>
  (await temp.store.search.newest(userId, 'message', [term])).get(term)?.ids() ?? [];
const send = async (actor: Actor, text: string) => {
  const chat = await temp.core.chats.create(actor, {});
  return (await temp.core.messages.add(actor, { chat: chat.id, role: 'user', text })).message;
};

it('what a process left behind is indexed by the next one, and what is erased leaves the index by itself', async () => {
  const actor = await temp.newActor();
  await send(actor, 'kept words');
  const erased = await send(actor, 'erased words');
  // Nothing has been started yet.
  await temp.core.messages.delete(actor, erased.id);
  const next = createTempCore(temp.store);
  await next.start();
  await expect.poll(() => indexed(actor, 'words'), { timeout: 10_000 }).toHaveLength(1);
  expect(await indexed(actor, 'erased')).toEqual([]);

  const [kept] = await indexed(actor, 'kept');
  await next.core.messages.edit(actor, kept as never, { text: 'changed words' });
  await expect.poll(() => indexed(actor, 'kept'), { timeout: 10_000 }).toEqual([]);
  expect(await indexed(actor, 'changed')).toEqual([kept]);

  await next.core.users.remove(actor);
  expect(await indexed(actor, 'changed')).toEqual([]);
  expect(await temp.store.search.formers(actor.userId, 10)).toEqual([]);
  await next.stop(0);
});
