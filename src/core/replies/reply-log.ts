import { DomainError } from '../errors.ts';
import type { Fanout, Log } from '../ports.ts';
import type { Store } from '../store.ts';
import type { NewDelta } from './reply-table.ts';
import type { LiveReply } from './live-reply.ts';
import { requireHeld } from './node-lease.ts';
import type { NodeId } from './reply.ts';

const retryDelayMs = 100;

type Pending = { live: LiveReply; text: string; lost: (error: unknown) => void };

export type ReplyLog = {
  /**
   * Stores text and then shows it. Text of all replies that arrives while a commit is under way goes into the next one.
   * `lost` is called when the text can never be stored: the chat is gone, or another process has ended the reply.
   */
  write(live: LiveReply, text: string, lost: (error: unknown) => void): void;
  /**
   * Waits for the commit under way and gives back the text that is in none, so that the reply's last transaction can carry it.
   * Call it when the reply writes no more.
   */
  takeRest(live: LiveReply): Promise<string>;
  /** How much text of a reply waits to be stored, in UTF-16 code units. */
  backlog(live: LiveReply): number;
};

/** The group commit of all reply text in this process: one transaction carries what every reply said since the last one. */
export function createReplyLog(deps: { store: Store; fanout: Fanout; log: Log }): ReplyLog {
  const { store, fanout, log } = deps;
  let pending = new Map<LiveReply, Pending>();
  let running = false;
  let flushing: Promise<void> | undefined;
  let isAway = false;

  const commit = (batch: readonly Pending[]) =>
    store.transaction(async (tables) => {
      await requireHeld(tables, writersOf(batch));
      await tables.replies.append(batch.map(toDelta));
    });

  const show = ({ live, text }: Pending) => {
    const start = live.length;
    live.append(text);
    const { uuid: replyUuid, chatUuid, userId } = live.reply;
    fanout.publish(userId, { type: 'text-delta', replyUuid, chatUuid, start, text });
  };

  const flush = async (batch: Pending[]): Promise<void> => {
    try {
      await commit(batch);
    } catch (error) {
      if (DomainError.from(error).code === 'storage-unavailable') {
        // Nothing was shown and nothing is lost: the text waits, and its provider is held back, until the database is there.
        if (!isAway) log.warn({ replies: batch.length }, 'reply text waits for the database');
        isAway = true;
        await pause(retryDelayMs);
        return flush(batch);
      }
      const [first] = batch;
      if (batch.length === 1) return first?.lost(error);
      // One reply whose chat was deleted must not take the others with it.
      for (const one of batch) await flush([one]);
      return;
    }
    if (isAway) log.info({ replies: batch.length }, 'reply text is stored again');
    isAway = false;
    batch.forEach(show);
  };

  const run = async (): Promise<void> => {
    while (pending.size > 0) {
      const batch = [...pending.values()];
      pending = new Map();
      flushing = flush(batch);
      await flushing;
    }
    running = false;
  };

  return {
    write(live, text, lost) {
      const waiting = pending.get(live);
      if (waiting) waiting.text += text;
      else pending.set(live, { live, text, lost });
      // Not at once: what one network read brings for many replies shares a commit.
      if (running) return;
      running = true;
      setImmediate(() => void run());
    },
    async takeRest(live) {
      const rest = pending.get(live)?.text ?? '';
      pending.delete(live);
      await flushing;
      return rest;
    },
    backlog: (live) => pending.get(live)?.text.length ?? 0,
  };
}

/** The names under which the replies of a batch were claimed: mostly one. */
const writersOf = (batch: readonly Pending[]): Set<NodeId> =>
  new Set(batch.flatMap(({ live }) => live.reply.nodeId ?? []));

const toDelta = ({ live, text }: Pending): NewDelta => ({
  replyId: live.reply.id,
  start: live.length,
  text,
});

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
