import type { CoreDependencies } from '../dependencies.ts';
import { interruptReply } from './interrupt-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply, ReplyId } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** At most so many a round. */
const batch = 50;

export type ForgottenReplies = { look(): Promise<void> };

/**
 * Replies that are claimed in this process's name and that it does not write: the database went away during the commit that claimed
 * them, or what they said could not be stored. No other process would look after them while this one lives. The former are written
 * now, the latter end as interrupted. One that is found in two rounds was not just being started.
 */
export function createForgottenReplies(deps: Deps): ForgottenReplies {
  const { store, writers, log } = deps;
  let suspects: ReadonlySet<ReplyId> = new Set();

  const settle = async (reply: Reply) => {
    log.info({ replyId: reply.id }, 'found a reply of this process that it did not write');
    if (!writers.doubts.hasFailed(reply.id)) {
      writers.start(reply, { text: await store.replies.textFrom(reply.id, 0) });
      return;
    }
    const next = await interruptReply(deps, reply);
    if (next) writers.start(next);
  };

  return {
    async look() {
      if (!writers.doubts.isOpen && suspects.size === 0) return;
      const claimed = await store.replies.writtenBy(writers.lease.nodeId, batch);
      const unwritten = claimed.filter(({ id }) => !writers.live(id));
      const before = suspects;
      suspects = new Set(unwritten.map(({ id }) => id));
      if (claimed.length < batch) writers.doubts.keepFailures(suspects);
      for (const reply of unwritten) if (before.has(reply.id)) await settle(reply);
    },
  };
}
