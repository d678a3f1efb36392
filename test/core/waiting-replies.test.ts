import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Core } from '../../src/core/core.ts';
import type { Actor } from '../../src/core/ports.ts';
import type { Reply } from '../../src/core/replies/reply.ts';
import type { PlayedAnswer } from '../support/played-ai.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

let temp: TempCore;
let core: Core;
let actor: Actor;
let chat: Chat;

beforeEach(async () => {
  temp = await openTempCore();
  core = temp.core;
  await temp.start();
  actor = await temp.newActor();
  chat = await core.chats.create(actor, {});
});
afterEach(() => temp.dispose());

const send = (text: string) => core.messages.send(actor, { chat: chat.id, text });
const texts = async () => (await core.messages.list(actor, chat.id, { limit: 100 })).map(({ text }) => text);

/** Resolves when it has ended, however. */
async function end({ id }: Reply): Promise<Reply> {
  for await (const event of core.replies.follow(actor, id, { after: 0 })) {
    if (event.type === 'reply-end') return event.reply;
  }
  throw new Error('There was no end');
}

/** From here on the AI answers by itself. */
async function answerAll(first?: PlayedAnswer): Promise<void> {
  first?.finish('answered');
  for (;;) (await temp.ai.next()).finish('answered');
}

describe('of a user who is disabled', () => {
  it('they end when their turn comes, and nobody is asked', async () => {
    const { reply } = await send('one');
    const answer = await temp.ai.next();
    const asked = temp.ai.asked;
    const waiting = [await send('two'), await send('three'), await send('four')];
    await core.users.disable(actor.userId);
    void answerAll(answer);
    expect(await end(reply)).toMatchObject({ state: 'complete' });
    for (const { reply } of waiting)
      expect(await end(reply)).toMatchObject({ state: 'stopped', errorCode: null, messageId: null });
    expect(temp.ai.asked).toBe(asked);
    expect(await texts()).toEqual(['one', 'answered', 'two', 'three', 'four']);
  });
});

describe('whose question is deleted', () => {
  it('end with it, and the AI is asked for those behind them alone', async () => {
    const first = await send('one');
    const answer = await temp.ai.next();
    const mistake = await send('a mistake');
    const next = await send('two');
    await core.messages.delete(actor, mistake.message.id);
    expect(await core.replies.find(actor, mistake.reply.id)).toMatchObject({
      state: 'stopped',
      errorCode: null,
      messageId: null,
    });
    void answerAll(answer);
    await Promise.all([end(first.reply), end(next.reply)]);
    expect(temp.ai.asked).toBe(2);
    expect(await texts()).toEqual(['one', 'answered', 'two', 'answered']);
    expect(await core.chats.find(actor, chat.id)).toMatchObject({ messageCount: 4 });
  });

  it('are the only ones: an answer that is being written goes on', async () => {
    const { message, reply } = await send('one');
    const answer = await temp.ai.next();
    await core.messages.delete(actor, message.id);
    answer.finish('answered');
    expect(await end(reply)).toMatchObject({ state: 'complete' });
    expect(await texts()).toEqual(['answered']);
  });
});
