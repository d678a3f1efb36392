import { commitChanges, type RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Tables } from '../store.ts';
import type { UserId } from '../users/user.ts';
import type { ReplyWriters } from './reply-writers.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * `commitChanges` for work that may claim a reply: this process has its place among the living before it begins, and looks for the
 * reply later where the database went away and may have stored it.
 */
export async function commitClaims<Result>(
  deps: Deps,
  userId: UserId,
  work: (tables: Tables, record: RecordChange) => Promise<Result>,
): Promise<Result> {
  // A process that is stopping claims nothing.
  if (!deps.writers.stopping) await deps.writers.lease.enter();
  try {
    return await commitChanges(deps, userId, work);
  } catch (error) {
    if (DomainError.from(error).code === 'storage-unavailable') deps.writers.doubts.claim();
    throw error;
  }
}
