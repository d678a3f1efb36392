import type { CoreDependencies } from '../dependencies.ts';
import { requireUser } from './require-user.ts';
import type { UserKey } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock'>;

/** Lets a disabled user sign in again; logins that have ended stay ended. @throws DomainError `user-not-found` */
export async function enableUser({ store, clock }: Deps, key: UserKey): Promise<void> {
  await store.transaction(async (tables) => {
    const user = await requireUser(tables, key);
    if (user.disabledAt) await tables.users.update(user.id, { disabledAt: null }, clock());
  });
}
