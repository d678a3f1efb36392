import type { CoreDependencies } from '../dependencies.ts';
import { requireUser } from './require-user.ts';
import type { UserKey, UserRole } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock'>;

/** Gives a user another role. Logins go on: what they may is read afresh each time. @throws DomainError `user-not-found` */
export async function setRole({ store, clock }: Deps, key: UserKey, role: UserRole): Promise<void> {
  await store.transaction(async (tables) => {
    const user = await requireUser(tables, key);
    if (user.role !== role) await tables.users.update(user.id, { role }, clock());
  });
}
