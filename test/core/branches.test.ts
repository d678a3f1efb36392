import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { BranchMessage, Core } from '../../src/core/core.ts';
import type { Change } from '../../src/core/events.ts';
import type { Message, MessageKey } from '../../src/core/messages/message.ts';
import type { Actor } from '../../src/core/ports.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';
import { createQuickAi } from './quick-ai.ts';

const ai = createQuickAi();
/** What it was told last. */
const told = () => ai.prompts.at(-1)?.turns.map(({ text }) => text);
let temp: TempCore;
let core: Core;
let actor: Actor;
let chat: Chat;
beforeAll(async () => {
  temp = await openTempCore({
    provider: ai,
    prompt: { system: '', historyTurns: 99, historyTokens: 9_999 },
  });
  core = temp.core;
  await temp.start();
});
afterAll(() => temp.dispose());
beforeEach(async () => {
  actor = await temp.newActor();
  chat = await core.chats.create(actor, {});
});

/** Waits for the end of a reply; one without a word is none. */
async function ended(reply: { id: number }): Promise<Message | undefined> {
  return core.replies.finished(actor, reply.id as never).catch(() => undefined);
}
async function send(text: string) {
  const { message, reply } = await core.messages.send(actor, { chat: chat.id, text });
  return { message, reply, answer: await ended(reply) };
}
async function branch(key: MessageKey, input: BranchMessage = {}) {
  const { message, reply } = await core.messages.branch(actor, key, input);
  return { message, reply, answer: await ended(reply) };
}
const listed = () => core.messages.listVersioned(actor, chat.id, { limit: 100 });
const texts = async () => (await listed()).map(({ text }) => text);
const numbers = async () => (await listed()).map(({ version, versions }) => `${version}/${versions}`);
const must = (message: Message | undefined): Message => {
  if (!message) throw new Error('There should be a message');
  return message;
};

describe('a message said otherwise', () => {
  it('takes the place of the former, which stays beside with all that followed it', async () => {
    const first = await send('one');
    const second = await send('two');
    await send('three');
    const { message, answer } = await branch(second.message.id, { text: 'TWO' });
    expect(message).toMatchObject({ parentId: second.message.parentId, activity: 'active' });
    expect(told()).toEqual(['one', first.answer?.text, 'TWO']);
    expect(await texts()).toEqual(['one', first.answer?.text, 'TWO', answer?.text]);
    expect(await numbers()).toEqual(['1/1', '1/1', '2/2', '1/1']);
    expect(await core.messages.find(actor, second.message.id)).toMatchObject({
      text: 'two',
      activity: 'inactive',
    });
    expect(await core.chats.find(actor, chat.id)).toMatchObject({
      messageCount: 4,
      lastMessageText: answer?.text,
    });
  });

  it('comes back as it was left', async () => {
    const first = await send('one');
    const before = await texts();
    await send('two');
    const long = await texts();
    await branch(first.message.id, { text: 'ONE' });
    const short = await texts();
    expect(short[0]).toBe('ONE');
    const back = await core.messages.activate(actor, first.message.id);
    expect(await texts()).toEqual(long);
    expect(back).toMatchObject({ messageCount: 4, lastMessageText: long[3] });
    expect(await core.chats.find(actor, chat.id)).toEqual(back);
    await core.messages.activate(
      actor,
      (await core.messages.versions(actor, first.message.id))[1]?.id ?? (0 as never),
    );
    expect(await texts()).toEqual(short);
    expect(before).toEqual(long.slice(0, 2));
  });

  it('comes back as it was left at every depth, whatever was newer', async () => {
    const first = await send('one');
    const second = await send('two');
    await send('three');
    const left = await texts();
    await branch(second.message.id, { text: 'TWO' });
    await core.messages.activate(actor, second.message.id);
    await branch(first.message.id, { text: 'ONE' });
    await core.messages.activate(actor, must(first.answer).id);
    expect(await texts()).toEqual(left);
    // What was deleted at the end does not hide what was said after it.
    const [, , , , gone, goneToo] = await listed();
    for (const message of [goneToo, gone]) await core.messages.delete(actor, must(message).id);
    await send('four');
    const last = await texts();
    await branch(first.message.id, { text: 'One' });
    await core.messages.activate(actor, first.message.id);
    expect(await texts()).toEqual(last);
    expect(last.slice(0, 4)).toEqual(left.slice(0, 4));
  });

  it('keeps what is not said otherwise, files too, whichever version is deleted', async () => {
    const bytes = async function* () {
      yield Buffer.from('plain words');
    };
    const file = await core.attachments.store(actor, { name: 'a.txt', bytes: bytes() });
    const mediaUrls = [`/uploads/${file.uuid}`];
    const sent = await core.messages.send(actor, { chat: chat.id, text: 'look', mediaUrls, kind: 'file' });
    await ended(sent.reply);
    const { message } = await branch(sent.message.id, { text: 'look here' });
    expect(message).toMatchObject({ text: 'look here', mediaUrls, kind: 'file' });
    await core.messages.delete(actor, sent.message.id);
    const kept = await core.attachments.read(actor, file.uuid);
    expect(kept.attachment.messageId).toBe(message.id);
    const parts: Uint8Array[] = [];
    for await (const part of kept.bytes) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('plain words');
  });

  it('is refused while a reply is written, and with words for the assistant', async () => {
    const held = await openTempCore();
    const other = await held.newActor();
    const { id } = await held.core.chats.create(other, {});
    const { message, reply } = await held.core.messages.send(other, { chat: id, text: 'wait' });
    const answer = await held.ai.next();
    await expect(held.core.messages.branch(other, message.id, { text: 'x' })).rejects.toMatchObject({
      code: 'reply-running',
    });
    answer.finish('done');
    const written = await held.core.replies.finished(other, reply.id);
    await expect(held.core.messages.branch(other, written.id, { text: 'x' })).rejects.toMatchObject({
      code: 'field-invalid',
    });
    const again = await held.core.messages.branch(other, written.id, {});
    await expect(held.core.messages.activate(other, written.id)).rejects.toMatchObject({
      code: 'reply-running',
    });
    (await held.ai.next()).finish('again');
    await held.core.replies.finished(other, again.reply.id);
    await held.dispose();
  });

  it('is said once under one key', async () => {
    const { message } = await send('one');
    const input = { text: 'ONE', idempotencyKey: 'key' };
    const first = await core.messages.branch(actor, message.id, input);
    await ended(first.reply);
    const again = await core.messages.branch(actor, message.id, input);
    expect(again).toMatchObject({
      duplicate: true,
      message: { id: first.message.id },
      reply: { id: first.reply.id },
    });
    await expect(core.messages.branch(actor, message.id, { ...input, text: 'other' })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect(await numbers()).toEqual(['2/2', '1/1']);
  });
});

describe('an answer written anew', () => {
  it('is one anywhere in a chat, by the reply that wrote it', async () => {
    const first = await send('one');
    await send('two');
    const { message, answer } = await branch(must(first.answer).id);
    expect(message.id).toBe(first.message.id);
    expect(told()).toEqual(['one']);
    expect(await texts()).toEqual(['one', answer?.text]);
    expect(await numbers()).toEqual(['1/1', '2/2']);
    const added = await core.messages.add(actor, { chat: chat.id, role: 'assistant', text: 'mine' });
    await expect(core.messages.branch(actor, added.message.id, {})).rejects.toMatchObject({
      code: 'reply-not-found',
    });
  });

  it('is told to other devices by where the branches part, now and later', async () => {
    const first = await send('one');
    const second = await send('two');
    await core.messages.delete(actor, must(first.answer).id);
    const position = await core.feed.position(actor);
    await branch(second.message.id, { text: 'TWO' });
    await core.messages.activate(actor, second.message.id);
    const changes: Change[] = [];
    for await (const event of core.feed.follow(actor, position)) {
      if (event.type === 'change') changes.push(event.change);
      if (changes.length === 5) break;
    }
    expect(changes.map(({ type }) => type)).toEqual([
      'branch-switched',
      'message-created',
      'reply-start',
      'reply-end',
      'branch-switched',
    ]);
    const switches = changes.filter((change) => change.type === 'branch-switched');
    expect(switches.map(({ after }) => after)).toEqual([first.message.uuid, first.message.uuid]);
    expect(switches[1]?.chat).toEqual(await core.chats.find(actor, chat.id));
  });
});

describe('deleting', () => {
  it('beside the active branch changes nothing of what is shown', async () => {
    const { message, answer } = await send('one');
    await branch(message.id, { text: 'ONE' });
    const before = await core.chats.find(actor, chat.id);
    await core.messages.delete(actor, must(answer).id);
    expect(await core.chats.find(actor, chat.id)).toEqual(before);
  });
});
