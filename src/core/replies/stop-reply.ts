import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { endWaiting } from './end-reply.ts';
import { findReply, followReply } from './follow-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import { isOpen, type Reply, type ReplyKey } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** Another process that writes it looks several times a lease, or has a lease to live out at the most. */
const elsewhereMs = 10_000;

/** Ends a reply where it is and keeps its text; durable when it resolves. One that has ended stays as it is. @throws DomainError `reply-not-found` */
export async function stopReply(deps: Deps, actor: Actor, key: ReplyKey): Promise<Reply> {
  const reply = await findReply(deps, actor, key);
  if (reply.state === 'waiting') await stopWaiting(deps, actor, reply);
  const current = await findReply(deps, actor, reply.id);
  if (!isOpen(current)) return current;
  await (deps.writers.stop(reply.id) ?? endedElsewhere(deps, actor, reply));
  return findReply(deps, actor, reply.id);
}

async function stopWaiting(deps: Deps, actor: Actor, reply: Reply): Promise<void> {
  await commitChanges(deps, actor.userId, async (tables, record) => {
    const current = await tables.replies.find(actor.userId, reply.id);
    if (current?.state === 'waiting') await endWaiting(tables, record, { reply: current, at: deps.clock() });
  });
}

async function endedElsewhere(deps: Deps, actor: Actor, reply: Reply): Promise<void> {
  // Stored for the writer that cannot be told, told for the one that can.
  await deps.store.transaction((tables) => tables.replies.requestStop(reply.id));
  deps.fanout.publishStop(reply.id);
  const signal = AbortSignal.timeout(elsewhereMs);
  for await (const event of followReply(deps, actor, { key: reply.id, after: 0, signal })) {
    if (event.type === 'reply-end') return;
  }
  throw new DomainError('reply-running', { retryAfterSeconds: 2 });
}
