import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../src/core/core.ts';
import type { UserEvent } from '../../src/core/events.ts';
import type { Actor, Fanout } from '../../src/core/ports.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { openTempCore, silentLog, type TempCore } from '../support/temp-core.ts';

let temp: TempCore;
let core: Core;
let actor: Actor;
/** What the carrier loses on purpose. */
let loses: (event: Parameters<Fanout['publish']>[1]) => boolean = () => false;

beforeAll(async () => {
  const fanout = createFanout({ log: silentLog });
  const leaky: Fanout = {
    ...fanout,
    publish: (userId, event) => (loses(event) ? undefined : fanout.publish(userId, event)),
  };
  temp = await openTempCore({ fanout: leaky });
  core = temp.core;
  await temp.start();
});
afterAll(() => temp.dispose());
beforeEach(async () => {
  loses = () => false;
  actor = await temp.newActor();
});

const nameOf = (event: UserEvent): string => (event.type === 'change' ? event.change.type : event.type);

/** Events after a position until one that ends the reading, which is the last. */
async function read(after: number | null, until: (event: UserEvent) => boolean): Promise<UserEvent[]> {
  const abort = new AbortController();
  const events: UserEvent[] = [];
  for await (const event of core.feed.follow(actor, after, abort.signal)) {
    events.push(event);
    if (until(event)) abort.abort();
  }
  return events;
}
const isEnd = (event: UserEvent) => nameOf(event) === 'reply-end';

async function converse(question: string, ...answers: string[]) {
  const chat = await core.chats.create(actor, {});
  const { reply } = await core.messages.send(actor, { chat: chat.id, text: question });
  const answer = await temp.ai.next();
  answer.finish(...answers);
  await core.replies.finished(actor, reply.id);
  return { chat, reply };
}

describe('the feed', () => {
  it('tells every change once and in order, to a device that is there and to one that comes later', async () => {
    const there = read(0, isEnd);
    await converse('hello', 'Hi!');
    const seen = await there;
    const names = seen.map(nameOf).filter((name) => name !== 'text-delta');
    expect(names).toEqual(['chat-created', 'message-created', 'chat-updated', 'reply-start', 'reply-end']);
    const positions = seen.flatMap((event) => (event.type === 'change' ? [event.position] : []));
    expect(positions).toEqual([1, 2, 3, 4, 5]);
    expect(seen.findIndex(({ type }) => type === 'text-delta')).toBeLessThan(seen.findIndex(isEnd));

    const later = await read(0, isEnd);
    expect(later.map(nameOf)).toEqual(names);
    expect((await read(3, isEnd)).map(nameOf)).toEqual(['reply-start', 'reply-end']);
  });

  it('begins with the text so far of a reply that is being written', async () => {
    const chat = await core.chats.create(actor, {});
    const { reply } = await core.messages.send(actor, { chat: chat.id, text: 'hello' });
    const answer = await temp.ai.next();
    answer.say('so far');
    await core.replies.follow(actor, reply.id, { after: 0 })[Symbol.asyncIterator]().next();
    const reader = read(null, isEnd);
    answer.finish(' and on');
    const events = await reader;
    const text = events.flatMap((event) => (event.type === 'text-delta' ? [event] : []));
    expect(text[0]).toMatchObject({ start: 0, replyUuid: reply.uuid, chatUuid: chat.uuid });
    expect(text.map((delta) => delta.text).join('')).toBe('so far and on');
    for (const [index, delta] of text.entries()) {
      const before = text.slice(0, index).reduce((length, one) => length + one.text.length, 0);
      expect(delta.start).toBe(before);
    }
  });

  it('heals what its carrier loses from the database', async () => {
    loses = (event) => event.type === 'change' && event.position % 2 === 0;
    const there = read(0, isEnd);
    await converse('hello', 'Hi!');
    const positions = (await there).flatMap((event) => (event.type === 'change' ? [event.position] : []));
    expect(positions).toEqual([1, 2, 3, 4, 5]);
  });

  it('says so when it no longer reaches back that far', async () => {
    await converse('one', '1');
    await temp.store.transaction((tables) => tables.feed.purge(new Date(Date.now() + 1_000), 1_000));
    expect(await read(4, () => true)).toEqual([{ type: 'reset', position: 5 }]);
    await converse('two', '2');
    expect(await read(4, () => true)).toEqual([{ type: 'reset', position: 10 }]);
    expect((await read(5, isEnd)).map(nameOf)).toContain('chat-created');
  });

  it('refuses a place that it never gave out', async () => {
    await expect(read(1, () => true)).rejects.toMatchObject({ code: 'position-invalid' });
  });

  it('holds nothing of what was deleted but its ids', async () => {
    const { chat } = await converse('my secret', 'I forget it');
    await core.chats.delete(actor, chat.id);
    const events = await read(0, (event) => nameOf(event) === 'chat-deleted');
    expect(JSON.stringify(events)).not.toMatch(/secret|forget/);
    expect(events.at(-1)).toMatchObject({ change: { chatUuid: chat.uuid } });
  });

  it("is one user's alone", async () => {
    const other = await temp.newActor();
    const position = await core.feed.position(other);
    await converse('mine', 'yours');
    expect(await core.feed.position(other)).toBe(position);
  });
});
