import type { CoreDependencies } from '../dependencies.ts';
import { requireUser } from './require-user.ts';
import type { UserKey } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout'>;

/** Refuses the user's sign-ins from now on and ends every login, in one transaction. @throws DomainError `user-not-found` */
export async function disableUser({ store, clock, fanout }: Deps, key: UserKey): Promise<void> {
  const ended = await store.transaction(async (tables) => {
    const user = await requireUser(tables, key);
    const at = clock();
    if (!user.disabledAt) await tables.users.update(user.id, { disabledAt: at }, at);
    return tables.sessions.endAll(user.id, null, at);
  });
  fanout.publishEnded(ended);
}
