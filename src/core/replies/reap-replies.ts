import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { releaseOrphans } from '../usage/hold-usage.ts';
import { commitClaims } from './commit-claims.ts';
import { startNext } from './end-reply.ts';
import { createForgottenReplies, type ForgottenReplies } from './forgotten-replies.ts';
import { interruptReply } from './interrupt-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** At most so many a round, so that a large heap of them delays nobody's words. */
const batch = 50;

/**
 * One round of looking after the dead: removes processes that were silent for a lease, ends what they were writing as `interrupted`
 * with all the text that was stored, gives back what they held, and starts waiting replies that nobody would start. Returns how many replies it touched.
 */
async function reapReplies(deps: Deps, forgotten: ForgottenReplies): Promise<number> {
  const { store, clock, leaseMs, log, writers } = deps;
  const silent = await store.nodes.silentSince(new Date(clock().getTime() - leaseMs));
  for (const node of silent) {
    // First the name, then the replies: from here on a process that was only slow can write nothing more. One that was idle and
    // has begun to write meanwhile keeps its name.
    if (node.id !== writers.lease.nodeId) await store.transaction(({ nodes }) => nodes.removeSilent(node));
  }
  const orphans = await store.replies.orphans(batch);
  await allOf(orphans, async (reply) => {
    const next = await interruptReply(deps, reply);
    if (next) writers.start(next);
  });
  await releaseOrphans(deps, batch);
  const stalled = writers.stopping ? [] : await store.replies.stalled(batch);
  await allOf(stalled, (reply) => resume(deps, reply));
  if (!writers.stopping) await forgotten.look();
  if (orphans.length > 0) log.info({ replies: orphans.length }, 'ended replies whose process has died');
  return orphans.length + stalled.length;
}

/** Side by side, so that they share the disk's time; one that fails keeps no other from its end. */
async function allOf(replies: readonly Reply[], work: (reply: Reply) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(replies.map(work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function resume(deps: Deps, reply: Reply): Promise<void> {
  const next = await commitClaims(deps, reply.userId, async (tables, record) =>
    startNext(tables, record, { reply, claimNext: deps.writers.claimNext }),
  );
  if (next) deps.writers.start(next);
}

/** Runs rounds until stopped; a round that fails because the database is away is tried again with the next. */
export function startReaper(deps: Deps): { stop(): Promise<void> } {
  let round: Promise<unknown> | undefined;
  const forgotten = createForgottenReplies(deps);
  const look = () => {
    round ??= reapReplies(deps, forgotten)
      .catch((thrown: unknown) => {
        const error = DomainError.from(thrown);
        deps.log.warn({ code: error.code, err: error.cause }, 'could not look for dead writers');
      })
      .finally(() => (round = undefined));
  };
  look();
  const timer = setInterval(look, deps.leaseMs / 4);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
