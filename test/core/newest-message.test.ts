import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Actor } from '../../src/core/ports.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

let now = new Date('2026-01-01T00:00:00Z');
let temp: TempCore;
let actor: Actor;
let chat: Chat;
beforeAll(async () => {
  temp = await openTempCore({ clock: () => now, leaseMs: 3_600_000 });
});
afterAll(() => temp.dispose());
beforeEach(async () => {
  actor = await temp.newActor();
  chat = await temp.core.chats.create(actor, {});
});

const later = () => (now = new Date(now.getTime() + 1_000));
const find = () => temp.core.chats.find(actor, chat.id);

/** A question whose answer ends later than it was asked. */
async function ask(text: string): Promise<{ question: Message; answer: Message; endedAt: Date }> {
  later();
  const { message: question, reply } = await temp.core.messages.send(actor, { chat: chat.id, text });
  const played = await temp.ai.next();
  const endedAt = later();
  played.finish(`answer to ${text}`);
  return { question, answer: await temp.core.replies.finished(actor, reply.id), endedAt };
}

describe('when the newest message of a chat came', () => {
  it('stays when an older one is deleted', async () => {
    const { question } = await ask('one');
    const { endedAt } = await ask('two');
    later();
    await temp.core.messages.delete(actor, question.id);
    expect(await find()).toMatchObject({ lastMessageAt: endedAt, lastMessageText: 'answer to two' });
  });

  it('is what it was before the newest was said, once that one is deleted', async () => {
    const { endedAt } = await ask('one');
    const { question, answer } = await ask('two');
    later();
    await temp.core.messages.delete(actor, answer.id);
    expect(await find()).toMatchObject({ lastMessageAt: question.createdAt, lastMessageText: 'two' });
    await temp.core.messages.delete(actor, question.id);
    expect(await find()).toMatchObject({ lastMessageAt: endedAt, lastMessageText: 'answer to one' });
  });

  it('comes back with the branch that is shown again', async () => {
    const { question, endedAt } = await ask('one');
    later();
    const { reply } = await temp.core.messages.branch(actor, question.id, { text: 'ONE' });
    (await temp.ai.next()).finish('answer to ONE');
    await temp.core.replies.finished(actor, reply.id);
    later();
    await temp.core.messages.activate(actor, question.id);
    expect(await find()).toMatchObject({ lastMessageAt: endedAt, lastMessageText: 'answer to one' });
  });
});
