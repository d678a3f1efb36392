import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/ports.ts';
import type { Chat } from '../../src/core/chats/chat.ts';
import { createPlayedAi } from '../support/played-ai.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';
import { createQuickAi } from './quick-ai.ts';

let temp: TempCore;
let actor: Actor;
let chat: Chat;
beforeAll(async () => {
  temp = await openTempCore();
  await temp.start();
  actor = await temp.newActor();
  chat = await temp.core.chats.create(actor, {});
});
afterAll(() => temp.dispose());

const send = (text: string) => temp.core.messages.send(actor, { chat: chat.id, text });

it('a prompt holds the newest turns that fit the budget, and always the question', async () => {
  // 1,000 tokens are some 4,000 small letters.
  for (const text of ['x'.repeat(3_000), 'y'.repeat(900)]) {
    const { reply } = await send(text);
    (await temp.ai.next()).finish('noted');
    await temp.core.replies.finished(actor, reply.id);
  }
  const { reply } = await send('and now?');
  const answer = await temp.ai.next();
  expect(answer.prompt.system).toBe('Be kind.');
  expect(answer.prompt.turns.map(({ text }) => text.slice(0, 8))).toEqual([
    'x'.repeat(8),
    'noted',
    'y'.repeat(8),
    'noted',
    'and now?',
  ]);
  answer.finish('yes');
  await temp.core.replies.finished(actor, reply.id);

  await send('z'.repeat(3_950));
  const next = await temp.ai.next();
  expect(next.prompt.turns.map(({ text }) => text.slice(0, 8))).toEqual(['yes', 'z'.repeat(8)]);
  next.finish('ok');
});

it.each([
  [true, 'Ada'],
  [false, undefined],
])('a prompt carries the first name where that is wanted: %s', async (wantsFirstName, firstName) => {
  const ai = createPlayedAi();
  const other = await openTempCore({ provider: { ...ai, wantsFirstName } });
  const ada = await other.newActor();
  await other.core.users.update(ada, { firstName: 'Ada' });
  const { id } = await other.core.chats.create(ada, {});
  await other.core.messages.send(ada, { chat: id, text: 'hello' });
  const answer = await ai.next();
  expect(answer.prompt.firstName).toBe(firstName);
  answer.finish('hi');
  await other.dispose();
});

it.each([
  [{ historyTokens: 1_000 }, {}, 9],
  // 400 less the answer's 100, and 25 for the instructions: 275.
  [{ historyTokens: 1_000, contextTokens: 400, maxOutputTokens: 100 }, {}, 5],
  [{ historyTokens: 1_000, contextTokens: 400 }, { maxOutputTokens: 200 }, 3],
  // A quarter is kept for an answer of unknown length.
  [{ historyTokens: 1_000, contextTokens: 400 }, {}, 5],
  [{ historyTokens: 1_000, contextTokens: 300, maxOutputTokens: 300 }, {}, 1],
])('a model that holds %o, asked for %o, is told the newest %d turns', async (settings, asked, count) => {
  const quick = createQuickAi();
  const other = await openTempCore({
    provider: quick,
    prompt: { system: 's'.repeat(100), historyTurns: 20, ...settings },
  });
  const ada = await other.newActor();
  const { id } = await other.core.chats.create(ada, asked);
  // 50 tokens each, with what stands around them.
  for (let turn = 0; turn < 8; turn += 1) {
    const role = turn % 2 === 0 ? 'user' : 'assistant';
    await other.core.messages.add(ada, { chat: id, role, text: 'w'.repeat(184) });
  }
  const { reply } = await other.core.messages.send(ada, { chat: id, text: 'w'.repeat(184) });
  await other.core.replies.finished(ada, reply.id);
  expect(quick.prompts.at(-1)?.turns).toHaveLength(count);
  await other.dispose();
});
