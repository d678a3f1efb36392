import type { CoreDependencies } from '../dependencies.ts';
import { commitClaims } from './commit-claims.ts';
import { endReply } from './end-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { Reply } from './reply.ts';
import { usageSoFar } from './usage-so-far.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** Ends a reply that nobody writes any more, with all the text that was stored, and gives the one behind it that may begin now. */
export const interruptReply = (deps: Deps, reply: Reply): Promise<Reply | null> =>
  commitClaims(deps, reply.userId, async (tables, record) => {
    const text = await tables.replies.textFrom(reply.id, 0);
    const ended = await endReply(tables, record, {
      reply,
      outcome: 'interrupted',
      errorCode: 'reply-interrupted',
      text,
      usage: await usageSoFar(deps, tables, { reply, text }),
      firstTextAt: null,
      answeredBy: null,
      at: deps.clock(),
      claimNext: deps.writers.claimNext,
    });
    return ended?.next ?? null;
  });
