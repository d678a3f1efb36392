import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { ReplyEvent } from '../events.ts';
import type { Actor } from '../ports.ts';
import { endOfGone, type LiveReply, readingLength } from './live-reply.ts';
import { ReplyNews } from './reply-news.ts';
import type { ReplyWriters } from './reply-writers.ts';
import { isOpen, type Reply, type ReplyKey } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
export type FollowReply = { key: ReplyKey; after: number; signal?: AbortSignal | undefined };
/** The reply as it was found last: one that goes with its chat still gets its end. */
type Seen = { reply?: Reply };

/** The actor's reply. @throws DomainError `reply-not-found` */
export async function findReply({ store }: CoreDependencies, actor: Actor, key: ReplyKey): Promise<Reply> {
  const reply = await store.replies.find(actor.userId, key);
  if (!reply) throw new DomainError('reply-not-found');
  return reply;
}

/**
 * A reply's text from a position on, then live, then its end. Where this process writes the reply, from memory; else from the
 * database, so that a reader survives the death of the writer. One that goes with its chat has ended as stopped.
 * @throws DomainError `reply-not-found`, `position-invalid`
 */
export async function* followReply(
  deps: Deps,
  actor: Actor,
  { key, after, signal }: FollowReply,
): AsyncGenerator<ReplyEvent, void, void> {
  let position = after;
  let place = 0;
  const seen: Seen = {};
  while (!signal?.aborted) {
    const live = deps.writers.liveFor(actor.userId, key);
    if (live) seen.reply = live.reply;
    const from = { after: position, place };
    const events =
      live && !live.abandoned
        ? followLive(live, from, signal)
        : followStored(deps, actor, { key, ...from, seen, signal });
    for await (const event of events) {
      yield event;
      if (event.type === 'reply-end') return;
      if (event.type === 'reply-waiting') place = event.position;
      else position = event.start + event.text.length;
    }
  }
}

async function* followLive(
  live: LiveReply,
  { after, place: shown }: { after: number; place: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<ReplyEvent, void, void> {
  // A reader may know more than the writer only by inventing it: text is shown after it is stored, never before.
  if (after > live.length) throw new DomainError('position-invalid');
  let position = after;
  let place = shown;
  while (!signal?.aborted && !live.abandoned) {
    if (position < live.length) {
      const text = live.textFrom(position, readingLength);
      yield { type: 'text-delta', start: position, text };
      position += text.length;
    } else if (live.end) {
      return yield live.end;
    } else if (live.queuePosition !== place) {
      yield { type: 'reply-waiting', position: (place = live.queuePosition) };
    } else {
      await live.changed(signal);
    }
  }
}

/** The same of a reply that another process writes, or nobody yet; ends early where this process begins to. */
async function* followStored(
  deps: Deps,
  actor: Actor,
  { key, after, place: shown, seen, signal }: FollowReply & { place: number; seen: Seen },
): AsyncGenerator<ReplyEvent, void, void> {
  let position = after;
  let place = shown;
  let news: ReplyNews | undefined;
  try {
    while (!signal?.aborted && !news?.overflown) {
      const reply = await deps.store.replies.find(actor.userId, key);
      if (!reply && seen.reply) return yield endOfGone(seen.reply, deps.clock());
      if (!reply) throw new DomainError('reply-not-found');
      seen.reply = reply;
      // Begun meanwhile.
      if (deps.writers.live(reply.id)?.abandoned === false) return;
      const { text, end } = await readStored(deps, reply, position);
      if (text !== '') yield { type: 'text-delta', start: position, text };
      position += text.length;
      if (end) return yield end;
      const now = reply.state === 'waiting' ? await placeInChat(deps, reply) : 0;
      if (now !== place) yield { type: 'reply-waiting', position: (place = now) };
      if (text !== '') continue;
      // Once: a subscription may begin with a gap, which would be answered with the next one.
      news ??= new ReplyNews({ fanout: deps.fanout, reply, signal });
      for await (const delta of news.text(position)) {
        yield delta;
        position = delta.start + delta.text.length;
      }
    }
  } finally {
    news?.leave();
  }
}

/** How many of its chat are written before it, itself included. */
async function placeInChat({ store }: Deps, reply: Reply): Promise<number> {
  const open = await store.replies.openInChat(reply.chatId);
  return Math.max(
    0,
    open.findIndex(({ id }) => id === reply.id),
  );
}

async function readStored({ store }: Deps, reply: Reply, position: number) {
  if (isOpen(reply)) return { text: await store.replies.textFrom(reply.id, position), end: undefined };
  const message =
    reply.messageId === null ? undefined : await store.messages.find(reply.userId, reply.messageId);
  // A message that is being continued belongs to a later reply now; of this one only the end is known.
  const text = message && message.state !== 'writing' ? message.text : '';
  if (message && message.state !== 'writing' && position > text.length) {
    throw new DomainError('position-invalid');
  }
  const end: ReplyEvent = {
    type: 'reply-end',
    reply,
    message: message ?? null,
    errorCode: reply.errorCode,
  };
  return { text: text.slice(position), end };
}
