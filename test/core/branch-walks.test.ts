import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Core } from '../../src/core/core.ts';
import type { Message, MessageId } from '../../src/core/messages/message.ts';
import type { Actor } from '../../src/core/ports.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';
import { ChatModel } from './chat-model.ts';
import { createQuickAi } from './quick-ai.ts';

let temp: TempCore;
let core: Core;
let actor: Actor;
let chat: Chat;
beforeAll(async () => {
  temp = await openTempCore({ provider: createQuickAi() });
  core = temp.core;
  await temp.start();
  actor = await temp.newActor();
});
afterAll(() => temp.dispose());

/** Waits for the end of a reply; one without a word is none. */
const ended = (reply: { id: number }): Promise<Message | undefined> =>
  core.replies.finished(actor, reply.id as never).catch(() => undefined);
async function send(text: string) {
  const { message, reply } = await core.messages.send(actor, { chat: chat.id, text });
  return { message, answer: await ended(reply) };
}
async function branch(id: MessageId, input: { text?: string } = {}) {
  const { message, reply } = await core.messages.branch(actor, id, input);
  return { message, answer: await ended(reply) };
}

type Step = {
  kind: 'send' | 'say otherwise' | 'write anew' | 'regenerate' | 'activate' | 'delete';
  at: number;
};
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind'][]>(
      'send',
      'send',
      'say otherwise',
      'write anew',
      'regenerate',
      'activate',
      'activate',
      'delete',
    ),
    at: fc.nat(60),
  }),
  { minLength: 6, maxLength: 18 },
);

it('whatever is said, said otherwise, written anew, switched and deleted, the branch is the one of a plain model', async () => {
  const visited = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      chat = await core.chats.create(actor, {});
      const model = new ChatModel();
      for (const [index, step] of walk.entries()) {
        if (await take(model, step, index)) visited.add(step.kind);
        await expectAlike(model);
      }
    }),
    { numRuns: 25 },
  );
  expect(visited.size).toBe(6);
});

/** Takes a step in the core and in the model; false where there is nothing to take it on. */
async function take(model: ChatModel, { kind, at }: Step, index: number): Promise<boolean> {
  // One in seven is met with silence, so that the reply ends without a word.
  const text = at % 7 === 0 ? `silence ${index}` : `words ${index}`;
  const living = model.living();
  const turn = living[at % living.length];
  if (kind === 'send') {
    const { message, answer } = await send(text);
    model.add(model.end(), { id: message.id, role: 'user', text });
    model.add(message.id, answer && { id: answer.id, role: 'assistant', text: answer.text });
    return true;
  }
  if (!turn) return false;
  if (kind === 'delete') {
    await core.messages.delete(actor, turn.id);
    model.remove(turn.id);
  } else if (kind === 'activate') {
    await core.messages.activate(actor, turn.id);
    model.activate(turn.id);
  } else if (kind === 'say otherwise') {
    if (turn.role !== 'user') return false;
    const { message, answer } = await branch(turn.id, { text });
    model.add(turn.parent, { id: message.id, role: 'user', text });
    model.add(message.id, answer && { id: answer.id, role: 'assistant', text: answer.text });
  } else if (kind === 'write anew') {
    const question = model.find(turn.parent);
    if (turn.role !== 'assistant' || !question || question.isDeleted) return false;
    const { answer } = await branch(turn.id);
    model.add(question.id, answer && { id: answer.id, role: 'assistant', text: answer.text });
  } else {
    const last = model.find(model.end());
    if (last?.role !== 'assistant' || model.find(last.parent)?.isDeleted !== false) return false;
    const { id } = await core.replies.findByMessage(actor, last.id);
    const answer = await ended(await core.replies.regenerate(actor, id));
    model.add(last.parent, answer && { id: answer.id, role: 'assistant', text: answer.text });
  }
  return true;
}

async function expectAlike(model: ChatModel): Promise<void> {
  const messages = await core.messages.listVersioned(actor, chat.id, { limit: 100 });
  const shown = model.shown();
  expect(messages.map(({ id, text }) => ({ id, text }))).toEqual(shown.map(({ id, text }) => ({ id, text })));
  expect(messages.map(({ version, versions }) => [version, versions])).toEqual(
    shown.map((turn) => model.versionOf(turn)),
  );
  const twigs = new Map((await temp.store.messages.twigs(chat.id, null)).map((twig) => [twig.id, twig]));
  const before = (id: MessageId | null | undefined): MessageId | null => {
    const twig = id && twigs.get(id);
    return twig ? (twig.isBuried ? before(twig.parentId) : twig.id) : null;
  };
  expect(messages.map(({ parentId }) => before(parentId))).toEqual([
    ...(messages.length > 0 ? [null] : []),
    ...messages.slice(0, -1).map(({ id }) => id),
  ]);
  expect(await core.chats.find(actor, chat.id)).toMatchObject({
    messageCount: shown.length,
    lastMessageText: shown.at(-1)?.text ?? '',
  });
}
