import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { ReplyEvent } from '../events.ts';
import type { Actor } from '../ports.ts';
import { type LiveReply, readingLength } from './live-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import { isOpen, type Reply, type ReplyKey } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
export type FollowReply = { key: ReplyKey; after: number; signal?: AbortSignal | undefined };

/** How often a reply that another process writes is looked at, when no news of it comes. */
const lookAgainMs = 250;

/** The actor's reply. @throws DomainError `reply-not-found` */
export async function findReply({ store }: CoreDependencies, actor: Actor, key: ReplyKey): Promise<Reply> {
  const reply = await store.replies.find(actor.userId, key);
  if (!reply) throw new DomainError('reply-not-found');
  return reply;
}

/**
 * A reply's text from a position on, then live, then its end. Where this process writes the reply, from memory; else from the
 * database, so that a reader survives the death of the writer. @throws DomainError `reply-not-found`, `position-invalid`
 */
export async function* followReply(
  deps: Deps,
  actor: Actor,
  { key, after, signal }: FollowReply,
): AsyncGenerator<ReplyEvent, void, void> {
  let position = after;
  while (!signal?.aborted) {
    const reply = await findReply(deps, actor, key);
    const live = deps.writers.live(reply.id);
    if (live && !live.abandoned) {
      for await (const event of followLive(live, position, signal)) {
        yield event;
        if (event.type === 'reply-end') return;
        position = event.start + event.text.length;
      }
      continue;
    }
    const { text, end } = await readStored(deps, reply, position);
    if (text !== '') yield { type: 'text-delta', start: position, text };
    position += text.length;
    if (end) return yield end;
    if (text === '') await newsOf(deps, reply, signal);
  }
}

async function* followLive(
  live: LiveReply,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReplyEvent, void, void> {
  // A reader may know more than the writer only by inventing it: text is shown after it is stored, never before.
  if (after > live.length) throw new DomainError('position-invalid');
  let position = after;
  while (!signal?.aborted && !live.abandoned) {
    if (position < live.length) {
      const text = live.textFrom(position, readingLength);
      yield { type: 'text-delta', start: position, text };
      position += text.length;
    } else if (live.end) {
      return yield live.end;
    } else {
      await live.changed(signal);
    }
  }
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

/** Resolves when the user's feed brings something of the reply, after a short while, or when the signal aborts. */
function newsOf({ fanout }: Deps, reply: Reply, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener('abort', settle);
      resolve();
    };
    const timer = setTimeout(settle, lookAgainMs);
    const unsubscribe = fanout.subscribe(reply.userId, (event) => {
      const change = event.type === 'change' ? event.change : undefined;
      if (change?.type === 'reply-start' || change?.type === 'reply-end') settle();
    });
    signal?.addEventListener('abort', settle, { once: true });
  });
}
