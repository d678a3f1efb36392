import { afterAll, beforeAll, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { Models, OfferedModel } from '../../src/core/models.ts';
import type { Actor } from '../../src/core/ports.ts';
import { createPlayedAi } from '../support/played-ai.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const usual = createPlayedAi();
const clever = { ...createPlayedAi(), name: 'clever', model: 'clever-2' };
const offered = new Map<string, OfferedModel>([
  ['usual', { name: 'usual', provider: usual }],
  ['clever:2', { name: 'clever:2', provider: clever }],
]);
const models: Models = {
  standard: { name: 'usual', provider: usual },
  find: (name) => offered.get(name),
  look: async () => undefined,
  list: async () => [...offered.values()],
  close: async () => undefined,
};

let temp: TempCore;
let actor: Actor;
beforeAll(async () => {
  temp = await openTempCore({ models });
  await temp.start();
  actor = await temp.newActor();
});
afterAll(() => temp.dispose());

const ask = async (chat: number) => temp.core.messages.send(actor, { chat: chat as never, text: 'well?' });

it('a chat is answered by the model that it chose, in its own way', async () => {
  const settings = { model: 'clever:2', systemPrompt: 'Be brief.', temperature: 0.25, maxOutputTokens: 9 };
  const chat = await temp.core.chats.create(actor, settings);
  expect(chat).toMatchObject(settings);
  const { reply } = await ask(chat.id);
  expect(reply).toMatchObject({ provider: 'clever', model: 'clever-2' });
  const answer = await clever.next();
  expect(answer.prompt).toMatchObject({
    system: 'Be kind.\n\nBe brief.',
    temperature: 0.25,
    maxOutputTokens: 9,
  });
  answer.finish('so');
  await temp.core.replies.finished(actor, reply.id);
  expect(await temp.core.replies.find(actor, reply.id)).toMatchObject({ model: 'clever-2' });
});

it('a chat takes another model from its next reply on, and the default once its own is gone', async () => {
  const chat = await temp.core.chats.create(actor, {});
  const { reply: first } = await ask(chat.id);
  expect(first).toMatchObject({ model: 'played-1' });
  const { reply: second } = await ask(chat.id);
  await temp.core.chats.update(actor, chat.id, { model: 'clever:2' });
  (await usual.next()).finish('one');
  (await clever.next()).finish('two');
  await temp.core.replies.finished(actor, second.id);
  expect(await temp.core.replies.find(actor, second.id)).toMatchObject({ model: 'clever-2' });

  const gone = offered.get('clever:2');
  offered.delete('clever:2');
  const { reply: third } = await ask(chat.id);
  (await usual.next()).finish('three');
  await temp.core.replies.finished(actor, third.id);
  expect(await temp.core.replies.find(actor, third.id)).toMatchObject({ model: 'played-1' });
  if (gone) offered.set('clever:2', gone);
});

it('a reply says who answered where another was asked first', async () => {
  const chat = await temp.core.chats.create(actor, {});
  const { reply } = await ask(chat.id);
  const answer = await usual.next();
  answer.answeredBy('other', 'other-3');
  answer.finish('here');
  await temp.core.replies.finished(actor, reply.id);
  const ended = await temp.core.replies.find(actor, reply.id);
  expect(ended).toMatchObject({ provider: 'other', model: 'other-3' });
});

it.each([
  [{ model: 'nobody:1' }, 'model-not-offered'],
  [{ temperature: 2.1 }, 'field-invalid'],
  [{ temperature: Number.NaN }, 'field-invalid'],
  [{ maxOutputTokens: 0 }, 'field-invalid'],
  [{ maxOutputTokens: 1.5 }, 'field-invalid'],
  [{ systemPrompt: 'x'.repeat(32_001) }, 'field-invalid'],
  [{ systemPrompt: '\u0000' }, 'text-not-unicode'],
])('%o is refused and changes nothing', async (patch, code) => {
  const chat = await temp.core.chats.create(actor, { temperature: 1 });
  const refused: unknown = await temp.core.chats.update(actor, chat.id, patch).catch((error) => error);
  expect(refused).toBeInstanceOf(DomainError);
  expect(refused).toMatchObject({ code });
  expect(await temp.core.chats.find(actor, chat.id)).toEqual(chat);
});
