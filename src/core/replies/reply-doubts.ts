import type { ReplyId } from './reply.ts';

/** A commit may be done some time after this process has given its answer up. */
const doubtMs = 20_000;

/** What this process is not sure of: replies that may be claimed in its name, and that it does not write. */
export type ReplyDoubts = {
  /** Whether it is worth looking for such replies. */
  readonly isOpen: boolean;
  /** The database went away during a commit that claimed a reply, so that nobody knows whether it is stored. */
  claim(): void;
  /** What it wrote could not be stored, for a reason that nobody foresaw: it must not be asked for again. */
  failure(id: ReplyId): void;
  hasFailed(id: ReplyId): boolean;
  /** Forgets failures of replies that are not among these any more: they have ended, or are gone. */
  keepFailures(ids: ReadonlySet<ReplyId>): void;
};

export function createReplyDoubts(): ReplyDoubts {
  const failed = new Set<ReplyId>();
  let openUntil = Number.NEGATIVE_INFINITY;
  return {
    get isOpen() {
      return failed.size > 0 || performance.now() < openUntil;
    },
    claim() {
      openUntil = performance.now() + doubtMs;
    },
    failure: (id) => void failed.add(id),
    hasFailed: (id) => failed.has(id),
    keepFailures(ids) {
      for (const id of failed) if (!ids.has(id)) failed.delete(id);
    },
  };
}
