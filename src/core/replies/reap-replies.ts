import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { releaseOrphans } from '../usage/hold-usage.ts';
import { commitClaims } from './commit-claims.ts';
import { startNext } from './end-reply.ts';
import { createForgottenReplies, type ForgottenReplies } from './forgotten-replies.ts';
import { interruptReply } from './interrupt-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply, ReplyId } from './reply.ts';
import { createSilentNodes, type SilentNodes } from './silent-nodes.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
/** What is remembered from one round to the next. */
type Round = Deps & { silent: SilentNodes; forgotten: ForgottenReplies };

/** At most so many at once, so that a large heap of them delays nobody's words: those wait for one batch, not for the heap. */
const batch = 50;

/**
 * One round of looking after the dead: removes processes that count as dead, ends what they were writing as `interrupted`
 * with all the text that was stored, gives back what they held, and starts waiting replies that nobody would start.
 */
async function reapReplies(deps: Round): Promise<void> {
  const { store, log, writers, forgotten } = deps;
  for (const node of await deps.silent.look(() => store.nodes.list())) {
    // First the name, then the replies: from here on a process that was only slow can write nothing more. One that was idle and
    // has begun to write meanwhile keeps its name.
    if (node.id !== writers.lease.nodeId) await store.nodes.removeSilent(node);
  }
  const ended = await forAll(deps, {
    find: () => store.replies.orphans(batch),
    async settle(reply) {
      const next = await interruptReply(deps, reply);
      if (next) writers.start(next);
    },
  });
  if (ended > 0) log.info({ replies: ended }, 'ended replies whose process has died');
  while ((await releaseOrphans(deps, batch)) === batch && !writers.stopping);
  if (writers.stopping) return;
  await forAll(deps, {
    find: () => store.replies.stalled(batch),
    settle: (reply) => resume(deps, reply),
  });
  await forgotten.look();
}

type Heap = { find: () => Promise<Reply[]>; settle: (reply: Reply) => Promise<void> };

/**
 * Batch after batch, each side by side, so that they share the disk's time; gives how many there were. One that fails keeps no other
 * from its end, and has its next turn in another round. A process that is stopping begins no further batch.
 */
async function forAll({ writers }: Deps, { find, settle }: Heap): Promise<number> {
  const known = new Set<ReplyId>();
  const failures: unknown[] = [];
  for (;;) {
    const found = await find();
    const fresh = found.filter(({ id }) => !known.has(id));
    for (const { id } of fresh) known.add(id);
    for (const outcome of await Promise.allSettled(fresh.map(settle)))
      if (outcome.status === 'rejected') failures.push(outcome.reason);
    if (found.length < batch || fresh.length === 0 || writers.stopping) break;
  }
  if (failures.length > 0) throw failures[0];
  return known.size;
}

async function resume(deps: Deps, reply: Reply): Promise<void> {
  const next = await commitClaims(deps, reply.userId, async (tables, record) =>
    startNext(tables, record, { reply, claimNext: deps.writers.claimNext }),
  );
  if (next) deps.writers.start(next);
}

/** Runs rounds until stopped; a round that fails because the database is away is tried again with the next. */
export function startReaper(deps: Deps): { stop(): Promise<void> } {
  const given = { ...deps, silent: createSilentNodes(deps), forgotten: createForgottenReplies(deps) };
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      await reapReplies(given);
    } catch (thrown) {
      const error = DomainError.from(thrown);
      deps.log.warn({ code: error.code, err: error.cause }, 'could not look for dead writers');
    }
    if (isStopped) return;
    // Not later than it must be: a crash is noticed as soon as it can be.
    const waitMs = Math.min(deps.leaseMs / 4, given.silent.waitMs());
    timer = setTimeout(() => void (round = look()), Math.ceil(waitMs));
    timer.unref();
  };
  let round = look();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
