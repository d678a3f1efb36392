import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { endReply, startNext } from './end-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** At most so many a round, so that a large heap of them delays nobody's words. */
const batch = 50;

/**
 * One round of looking after the dead: removes processes that were silent for a lease, ends what they were writing as `interrupted`
 * with all the text that was stored, and starts waiting replies that nobody would start. Returns how many replies it touched.
 */
async function reapReplies(deps: Deps): Promise<number> {
  const { store, clock, leaseMs, log, writers } = deps;
  const silent = await store.nodes.silentSince(new Date(clock().getTime() - leaseMs));
  for (const node of silent) {
    // First the name, then the replies: from here on a process that was only slow can write nothing more.
    if (node !== writers.lease.nodeId) await store.transaction((tables) => tables.nodes.remove(node));
  }
  const orphans = await store.replies.orphans(batch);
  for (const reply of orphans) {
    const next = await interrupt(deps, reply);
    if (next) writers.start(next);
  }
  const stalled = writers.stopping ? [] : await store.replies.stalled(batch);
  for (const reply of stalled) await resume(deps, reply);
  if (orphans.length > 0) log.info({ replies: orphans.length }, 'ended replies whose process has died');
  return orphans.length + stalled.length;
}

const interrupt = (deps: Deps, reply: Reply): Promise<Reply | null> =>
  commitChanges(deps, reply.userId, async (tables, record) => {
    const ended = await endReply(tables, record, {
      reply,
      outcome: 'interrupted',
      errorCode: 'reply-interrupted',
      text: await tables.replies.textFrom(reply.id, 0),
      usage: null,
      at: deps.clock(),
      claimNext: await deps.writers.claimNext(tables),
    });
    return ended?.next ?? null;
  });

async function resume(deps: Deps, reply: Reply): Promise<void> {
  const next = await commitChanges(deps, reply.userId, async (tables, record) =>
    startNext(tables, record, { reply, claim: await deps.writers.claimNext(tables) }),
  );
  if (next) deps.writers.start(next);
}

/** Runs rounds until stopped; a round that fails because the database is away is tried again with the next. */
export function startReaper(deps: Deps): { stop(): Promise<void> } {
  let round: Promise<unknown> | undefined;
  const look = () => {
    round ??= reapReplies(deps)
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
