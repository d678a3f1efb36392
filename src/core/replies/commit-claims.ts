import { commitChanges, type RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Tables } from '../store.ts';
import type { UserId } from '../users/user.ts';
import { LeaseLost } from './node-lease.ts';
import type { ReplyWriters } from './reply-writers.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** A process that is taken for dead so often while it claims gets no further than one without a database. */
const maxTries = 3;

/**
 * `commitChanges` for work that may claim a reply: this process has its place among the living before it begins and keeps it until the
 * commit, or does the work again under a new name. It looks for the reply later where the database went away and may have stored it.
 */
export async function commitClaims<Result>(
  deps: Deps,
  userId: UserId,
  work: (tables: Tables, record: RecordChange) => Promise<Result>,
): Promise<Result> {
  const commit = () => commitChanges(deps, userId, work);
  try {
    // A process that is stopping claims nothing.
    return await (deps.writers.stopping ? commit() : commitAlive(deps.writers, commit));
  } catch (error) {
    if (DomainError.from(error).code === 'storage-unavailable') deps.writers.doubts.claim();
    throw error;
  }
}

async function commitAlive<Result>(writers: ReplyWriters, commit: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await writers.beAlive(commit);
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
      if (tries === maxTries)
        throw new DomainError('storage-unavailable', { cause: error, retryAfterSeconds: 1 });
    }
  }
}
