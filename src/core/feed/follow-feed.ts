import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Change, TextDelta, UserEvent } from '../events.ts';
import type { Actor } from '../ports.ts';
import { readingLength } from '../replies/live-reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import { isOpen, type Reply, type ReplyUuid } from '../replies/reply.ts';
import { firstUnits } from '../unicode-text.ts';
import { FeedQueue } from './feed-queue.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
export type FollowFeed = { after: number | null; signal?: AbortSignal | undefined };

const pageSize = 200;

/**
 * Every change of a user's data after a position, in order and without gap, and text of running replies beside them. What listeners
 * are told is only the quick way: a gap in it is healed from the database. Ends when the signal aborts or the reader is too slow.
 * @throws DomainError `position-invalid`
 */
export async function* followFeed(
  deps: Deps,
  actor: Actor,
  { after, signal }: FollowFeed,
): AsyncGenerator<UserEvent, void, void> {
  const queue = new FeedQueue(signal);
  // Subscribed before anything is read: what is committed meanwhile is seen twice rather than not at all.
  const unsubscribe = deps.fanout.subscribe(actor.userId, (event) => queue.push(event));
  try {
    const newest = await deps.store.feed.position(actor.userId);
    if (after !== null && after > newest) throw new DomainError('position-invalid');
    let position = after ?? newest;
    if (after !== null && (await isForgotten(deps, actor, { after, newest }))) {
      yield { type: 'reset', position: newest };
      position = newest;
    }
    const shown: Shown = new Map();
    position = yield* catchUp(deps, actor, { from: position, to: newest, shown });
    yield* runningText(deps, actor, shown);

    while (!signal?.aborted && !queue.overflown) {
      for (let event = queue.next(); event; event = queue.next()) {
        if (event.type === 'typing') yield event;
        else if (event.type === 'text-delta') yield* unseen(deps, actor, { shown, delta: event });
        else if (event.type === 'gap') {
          const to = await deps.store.feed.position(actor.userId);
          position = yield* catchUp(deps, actor, { from: position, to, shown });
          yield* runningText(deps, actor, shown);
        } else if (event.position > position) {
          // Whoever told us of it may have been silent about those before it, and another process says only how far it came.
          const to = event.type === 'moved' ? event.position : event.position - 1;
          position = yield* catchUp(deps, actor, { from: position, to, shown });
          if (event.type === 'moved') continue;
          noteRunning(shown, event.change);
          yield event;
          position = event.position;
        }
      }
      await queue.filled();
    }
  } finally {
    unsubscribe();
  }
}

async function isForgotten(
  { store }: Deps,
  actor: Actor,
  { after, newest }: { after: number; newest: number },
): Promise<boolean> {
  if (after === newest) return false;
  const oldest = await store.feed.oldest(actor.userId);
  return oldest === undefined || oldest > after + 1;
}

/** How much was shown of each reply that runs, as far as the feed was read: of one that is not in it, no text is shown. */
type Shown = Map<ReplyUuid, number>;

function noteRunning(shown: Shown, change: Change): void {
  if (change.type === 'reply-end') shown.delete(change.reply.uuid);
  else if (change.type === 'reply-start' && !shown.has(change.reply.uuid)) shown.set(change.reply.uuid, 0);
}

/** Entries of the database up to a position; returns the position reached. */
async function* catchUp(
  { store }: Deps,
  actor: Actor,
  { from, to, shown }: { from: number; to: number; shown: Shown },
): AsyncGenerator<UserEvent, number, void> {
  let position = from;
  while (position < to) {
    const limit = Math.min(pageSize, to - position);
    const page = await store.feed.after(actor.userId, position, limit);
    if (page.position === position) return to;
    for (const entry of page.entries) {
      noteRunning(shown, entry.change);
      yield { type: 'change', ...entry };
    }
    position = page.position;
  }
  return position;
}

/** What was not shown yet of every reply that is being written, here or elsewhere. */
async function* runningText(deps: Deps, actor: Actor, shown: Shown): AsyncGenerator<UserEvent, void, void> {
  for (const reply of await deps.store.replies.writingOf(actor.userId)) {
    const live = deps.writers.live(reply.id);
    if (!live) {
      yield* storedText(deps, shown, reply);
      continue;
    }
    const { uuid: replyUuid, chatUuid } = reply;
    // What is said from here on is in the queue.
    const { length } = live;
    let start = shown.get(replyUuid) ?? 0;
    shown.set(replyUuid, length);
    while (start < length) {
      const text = live.textFrom(start, Math.min(readingLength, length - start));
      yield { type: 'text-delta', replyUuid, chatUuid, start, text };
      start += text.length;
    }
  }
}

/** What was not shown yet of a reply that another process writes. */
async function* storedText(
  { store }: Deps,
  shown: Shown,
  reply: Reply,
): AsyncGenerator<TextDelta, void, void> {
  const { uuid: replyUuid, chatUuid } = reply;
  let start = shown.get(replyUuid) ?? 0;
  const text = await store.replies.textFrom(reply.id, start);
  shown.set(replyUuid, start + text.length);
  for (let rest = text; rest !== '';) {
    const piece = firstUnits(rest, readingLength);
    yield { type: 'text-delta', replyUuid, chatUuid, start, text: piece };
    start += piece.length;
    rest = rest.slice(piece.length);
  }
}

/** What of a delta was not shown yet, and before it what another process said and nobody brought. */
async function* unseen(
  deps: Deps,
  actor: Actor,
  { shown, delta }: { shown: Shown; delta: TextDelta },
): AsyncGenerator<TextDelta, void, void> {
  const { replyUuid, start } = delta;
  const end = start + delta.text.length;
  if (!followsOn(shown, delta) && !(shown.has(replyUuid) && isWrittenHere(deps, actor, replyUuid))) {
    const reply = await deps.store.replies.find(actor.userId, replyUuid);
    if (reply && isOpen(reply)) yield* storedText(deps, shown, reply);
    // It has ended: its message, which came with its end or comes next, holds all of it.
    if (!followsOn(shown, delta)) return;
  }
  const known = shown.get(replyUuid) ?? 0;
  if (end <= known) return;
  shown.set(replyUuid, end);
  yield known <= start ? delta : { ...delta, start: known, text: delta.text.slice(known - start) };
}

/** Whether a delta is of a reply that runs, and nothing is missing before it. */
const followsOn = (shown: Shown, { replyUuid, start }: TextDelta): boolean =>
  start <= (shown.get(replyUuid) ?? -1);

const isWrittenHere = ({ writers }: Deps, { userId }: Actor, uuid: ReplyUuid): boolean =>
  writers.ofUser(userId).some(({ reply }) => reply.uuid === uuid);
