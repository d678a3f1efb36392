import { setMaxListeners } from 'node:events';
import type { CoreDependencies } from '../dependencies.ts';
import type { ReplyClaim, Tables } from '../store.ts';
import { LiveReply } from './live-reply.ts';
import { createNodeLease, type NodeLease } from './node-lease.ts';
import { createReplyLog, type ReplyLog } from './reply-log.ts';
import type { Reply, ReplyId } from './reply.ts';
import { writeReply } from './write-reply.ts';

/** Why a writer is told to stop before its provider has finished. */
export type StopReason = 'stopped' | 'interrupted' | 'discarded';

export type RunningReply = { live: LiveReply; abort: AbortController; done: Promise<void> };

/** The replies that this process is writing. */
export type ReplyWriters = {
  readonly lease: NodeLease;
  readonly log: ReplyLog;
  /** What a reply is claimed with, in a transaction, so that this process writes it. */
  claim(tables: Tables): Promise<ReplyClaim>;
  /** The same, or null while the process is stopping: then the next process takes the waiting ones. */
  claimNext(tables: Tables): Promise<ReplyClaim | null>;
  /** Starts to write a claimed reply. `text`: what its log holds already. */
  start(reply: Reply, text?: string): LiveReply;
  live(id: ReplyId): LiveReply | undefined;
  ofUser(userId: Reply['userId']): LiveReply[];
  /** Ends a reply that this process writes, keeping its text; undefined when it does not. Resolves when the end is durable. */
  stop(id: ReplyId): Promise<void> | undefined;
  /** Forgets a reply whose rows are gone. */
  discard(reply: Reply): void;
  readonly stopping: boolean;
  /** Aborts when this process has written its last: whoever waits for more waits in vain. */
  readonly stopped: AbortSignal;
  /** Has `drain` wait for work that is no reply but takes as long as one. */
  holdDrain<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets running replies finish for a while, then interrupts the rest. Resolves when every end is durable. */
  drain(graceMs: number): Promise<void>;
};

export function createReplyWriters(deps: CoreDependencies): ReplyWriters {
  const { provider } = deps;
  const running = new Map<ReplyId, RunningReply>();
  const held = new Set<Promise<unknown>>();
  const stopped = new AbortController();
  // Everybody who waits for a reply listens to it: that many is no leak.
  setMaxListeners(0, stopped.signal);
  let stopping = false;
  const lease = createNodeLease({ ...deps, isWriting: () => running.size > 0 });
  const log = createReplyLog(deps);

  const writers: ReplyWriters = {
    lease,
    log,
    get stopping() {
      return stopping;
    },
    claim: async (tables) => ({
      nodeId: await lease.enter(tables),
      provider: provider.name,
      model: provider.model,
    }),
    claimNext: async (tables) => (stopping ? null : writers.claim(tables)),
    start(reply, text = '') {
      const live = new LiveReply(reply);
      if (text !== '') live.append(text);
      const abort = new AbortController();
      const done = writeReply({ ...deps, writers }, live, abort.signal).finally(() =>
        running.delete(reply.id),
      );
      running.set(reply.id, { live, abort, done });
      return live;
    },
    live: (id) => running.get(id)?.live,
    ofUser: (userId) =>
      [...running.values()].map(({ live }) => live).filter((live) => live.reply.userId === userId),
    stop(id) {
      const reply = running.get(id);
      reply?.abort.abort('stopped' satisfies StopReason);
      return reply?.done;
    },
    discard(reply) {
      running.get(reply.id)?.abort.abort('discarded' satisfies StopReason);
    },
    stopped: stopped.signal,
    holdDrain(work) {
      held.add(work);
      return work.finally(() => held.delete(work));
    },
    async drain(graceMs) {
      stopping = true;
      const all = () => Promise.all([...running.values()].map(({ done }) => done));
      await withinTime(Promise.allSettled([all(), ...held]), graceMs);
      for (const { abort } of running.values()) abort.abort('interrupted' satisfies StopReason);
      await all();
      // One turn, so that who waited for one of these replies has its end before being told to wait no more.
      await new Promise((resolve) => void setImmediate(resolve));
      stopped.abort();
    },
  };
  return writers;
}

async function withinTime(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, timeUp]);
  clearTimeout(timer);
}
