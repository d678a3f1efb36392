import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { TextDelta, UserEvent } from '../events.ts';
import type { Actor } from '../ports.ts';
import { readingLength } from '../replies/live-reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import type { ReplyUuid } from '../replies/reply.ts';
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
    position = yield* catchUp(deps, actor, { from: position, to: newest });
    const shown = yield* runningText(deps, actor);

    while (!signal?.aborted && !queue.overflown) {
      for (let event = queue.next(); event; event = queue.next()) {
        if (event.type === 'text-delta') {
          const rest = unseen(shown, event);
          if (rest) yield rest;
          continue;
        }
        if (event.type === 'typing') {
          yield event;
          continue;
        }
        if (event.position <= position) continue;
        // Whoever told us of it may have been silent about those before it.
        position = yield* catchUp(deps, actor, { from: position, to: event.position - 1 });
        if (event.change.type === 'reply-end') shown.delete(event.change.reply.uuid);
        yield event;
        position = event.position;
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

/** Entries of the database up to a position; returns the position reached. */
async function* catchUp(
  { store }: Deps,
  actor: Actor,
  { from, to }: { from: number; to: number },
): AsyncGenerator<UserEvent, number, void> {
  let position = from;
  while (position < to) {
    const limit = Math.min(pageSize, to - position);
    const page = await store.feed.after(actor.userId, position, limit);
    if (page.position === position) return to;
    for (const entry of page.entries) yield { type: 'change', ...entry };
    position = page.position;
  }
  return position;
}

/** The text so far of every reply that is being written, and how much of each was shown. */
async function* runningText(
  deps: Deps,
  actor: Actor,
): AsyncGenerator<UserEvent, Map<ReplyUuid, number>, void> {
  const shown = new Map<ReplyUuid, number>();
  for (const live of deps.writers.ofUser(actor.userId)) {
    const { uuid: replyUuid, chatUuid } = live.reply;
    // What is said from here on is in the queue.
    const { length } = live;
    shown.set(replyUuid, length);
    for (let start = 0; start < length;) {
      const text = live.textFrom(start, Math.min(readingLength, length - start));
      yield { type: 'text-delta', replyUuid, chatUuid, start, text };
      start += text.length;
    }
  }
  return shown;
}

/** The part of a delta that lies behind what was shown of its reply. */
function unseen(shown: Map<ReplyUuid, number>, delta: TextDelta): TextDelta | undefined {
  const known = shown.get(delta.replyUuid) ?? 0;
  const end = delta.start + delta.text.length;
  if (end <= known) return undefined;
  shown.set(delta.replyUuid, end);
  if (known <= delta.start) return delta;
  return { ...delta, start: known, text: delta.text.slice(known - delta.start) };
}
