import { setMaxListeners } from 'node:events';
import type { Chat } from '../chats/chat.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { chosenModel } from '../models.ts';
import type { Tables } from '../store.ts';
import type { ReplyClaim } from './reply-table.ts';
import { LiveReply } from './live-reply.ts';
import { createNodeLease, type NodeLease } from './node-lease.ts';
import { createReplyDoubts, type ReplyDoubts } from './reply-doubts.ts';
import { createReplyLog, type ReplyLog } from './reply-log.ts';
import type { NodeId, Reply, ReplyId, ReplyKey } from './reply.ts';
import { writeReply } from './write-reply.ts';

/** Why a writer is told to stop before its provider has finished. */
export type StopReason = 'stopped' | 'interrupted' | 'discarded';

export type RunningReply = { live: LiveReply; abort: AbortController; done: Promise<void> };

/** The replies that this process is writing. */
export type ReplyWriters = {
  readonly lease: NodeLease;
  readonly log: ReplyLog;
  /** What a reply is claimed with, in a transaction of `commitClaims`, so that this process writes it. */
  claim(tables: Tables, chat: Pick<Chat, 'model'>): Promise<ReplyClaim>;
  /** The same, or null while the process is stopping: then the next process takes the waiting ones. */
  claimNext(tables: Tables, chat: Pick<Chat, 'model'>): Promise<ReplyClaim | null>;
  readonly doubts: ReplyDoubts;
  /** Starts to write a claimed reply, once. `text`: what its log holds already; `chat`: where it was just read. */
  start(reply: Reply, known?: { text?: string; chat?: Chat }): LiveReply;
  live(id: ReplyId): LiveReply | undefined;
  /** The same for a reader, who may name it either way and has to own it. */
  liveFor(userId: Reply['userId'], key: ReplyKey): LiveReply | undefined;
  ofUser(userId: Reply['userId']): LiveReply[];
  /** Ends a reply that this process writes, keeping its text; undefined when it does not. Resolves when the end is durable. */
  stop(id: ReplyId): Promise<void> | undefined;
  /** Tells whoever has more to do when a reply that this process wrote has ended. */
  ended(reply: Reply): void;
  /** Forgets a reply whose rows are gone. */
  discard(reply: Reply): void;
  readonly stopping: boolean;
  /** Aborts when this process has written its last: whoever waits for more waits in vain. */
  readonly stopped: AbortSignal;
  /**
   * Keeps this process among the living during work that is no reply, or not yet one. It begins once this process is, and hears under
   * which name.
   */
  beAlive<Result>(work: (nodeId: NodeId) => Promise<Result>): Promise<Result>;
  /** Has `drain` wait for work that is no reply but takes as long as one. */
  holdDrain<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets running replies finish for a while, then interrupts the rest. Resolves when every end is durable. */
  drain(graceMs: number): Promise<void>;
};

/** `ended`: told of each reply that this process has written to its end. */
export function createReplyWriters(
  deps: CoreDependencies,
  ended: (reply: Reply) => void = () => undefined,
): ReplyWriters {
  const running = new Map<ReplyId, RunningReply>();
  const ids = new Map<Reply['uuid'], ReplyId>();
  const held = new Set<Promise<unknown>>();
  const stopped = new AbortController();
  // Everybody who waits for a reply listens to it: that many is no leak.
  setMaxListeners(0, stopped.signal);
  let stopping = false;
  let asides = 0;
  const doubts = createReplyDoubts();
  const stop = (id: ReplyId) => {
    const reply = running.get(id);
    reply?.abort.abort('stopped' satisfies StopReason);
    return reply?.done;
  };
  deps.fanout.subscribeStop((id) => void stop(id));
  const lease = createNodeLease({
    ...deps,
    isWriting: () => running.size > 0 || asides > 0,
    // What another process could not tell this one.
    beaten: async (nodeId) => (await deps.store.replies.stopRequested(nodeId)).forEach((id) => void stop(id)),
  });
  const log = createReplyLog(deps);

  const writers: ReplyWriters = {
    lease,
    log,
    doubts,
    get stopping() {
      return stopping;
    },
    async claim(tables, chat) {
      const { provider } = chosenModel(deps.models, chat);
      return {
        nodeId: await lease.hold(tables),
        provider: provider.name,
        model: provider.model,
        startedAt: deps.clock(),
      };
    },
    claimNext: async (tables, chat) => (stopping ? null : writers.claim(tables, chat)),
    start(reply, { text = '', chat } = {}) {
      const known = running.get(reply.id);
      if (known) return known.live;
      const live = new LiveReply(reply);
      if (text !== '') live.append(text);
      const abort = new AbortController();
      const done = writeReply({ ...deps, writers }, live, { signal: abort.signal, chat }).finally(() => {
        running.delete(reply.id);
        ids.delete(reply.uuid);
      });
      running.set(reply.id, { live, abort, done });
      ids.set(reply.uuid, reply.id);
      return live;
    },
    ended,
    live: (id) => running.get(id)?.live,
    liveFor(userId, key) {
      const id = typeof key === 'string' ? ids.get(key) : key;
      const live = id === undefined ? undefined : running.get(id)?.live;
      return live?.reply.userId === userId ? live : undefined;
    },
    ofUser: (userId) =>
      [...running.values()].map(({ live }) => live).filter((live) => live.reply.userId === userId),
    stop,
    discard(reply) {
      running.get(reply.id)?.abort.abort('discarded' satisfies StopReason);
    },
    stopped: stopped.signal,
    async beAlive(work) {
      await lease.enter();
      asides += 1;
      try {
        return await work(lease.nodeId);
      } finally {
        asides -= 1;
      }
    },
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
