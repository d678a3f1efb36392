import { describe, expect, it } from 'vitest';
import type { ChatUuid } from '../chats/chat.ts';
import type { FanoutEvent } from '../ports.ts';
import type { ReplyUuid } from '../replies/reply.ts';
import { FeedQueue } from './feed-queue.ts';

const delta = (reply: string, start: number, text: string): FanoutEvent => ({
  type: 'text-delta',
  replyUuid: reply as ReplyUuid,
  chatUuid: 'chat' as ChatUuid,
  start,
  text,
});

function takeAll(queue: FeedQueue): FanoutEvent[] {
  const all: FanoutEvent[] = [];
  for (let event = queue.next(); event; event = queue.next()) all.push(event);
  return all;
}

describe('FeedQueue', () => {
  it('gives text that follows on itself as one, and nothing else', () => {
    const queue = new FeedQueue(undefined);
    for (const event of [
      delta('a', 0, 'one '),
      delta('a', 4, 'two '),
      delta('b', 0, 'x'),
      delta('a', 8, 'three'),
    ]) {
      queue.push(event);
    }
    queue.push(delta('a', 20, 'after a gap'));
    expect(takeAll(queue)).toEqual([
      delta('a', 0, 'one two '),
      delta('b', 0, 'x'),
      delta('a', 8, 'three'),
      delta('a', 20, 'after a gap'),
    ]);
    expect(queue.next()).toBeUndefined();
  });

  it('goes on while it is read, however much passes', () => {
    const queue = new FeedQueue(undefined);
    let read = 0;
    // One stays behind all the time, so that the queue is never empty.
    queue.push(delta('r', 0, 'x'.repeat(5_000)));
    for (let start = 5_000; start < 500_000_000; start += 5_000) {
      queue.push(delta('r', start, 'x'.repeat(5_000)));
      const event = queue.next();
      if (event?.type === 'text-delta') read += event.text.length;
    }
    expect(queue.overflown).toBe(false);
    expect(read).toBe(500_000_000 - 5_000);
  });

  it.each([
    { what: 'text', count: 101, text: 'x'.repeat(5_000) },
    { what: 'events', count: 20_001, text: 'x' },
  ])('is given up when too much $what is left unread, and then keeps none of it', ({ count, text }) => {
    const queue = new FeedQueue(undefined);
    let taken = 0;
    for (; taken < count && !queue.overflown; taken += 1) queue.push(delta(`reply ${taken}`, 0, text));
    expect([taken, queue.overflown]).toEqual([count, true]);
    expect(queue.next()).toBeUndefined();
  });

  it('wakes its reader', async () => {
    const abort = new AbortController();
    const queue = new FeedQueue(abort.signal);
    const filled = queue.filled();
    queue.push(delta('a', 0, 'hello'));
    await filled;
    expect(takeAll(queue)).toHaveLength(1);
    const aborted = queue.filled();
    abort.abort();
    await aborted;
    expect(takeAll(queue)).toEqual([]);
  });
});
