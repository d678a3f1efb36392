import type { CoreDependencies } from '../dependencies.ts';
import { checkPassword } from './password.ts';
import { requireUser } from './require-user.ts';
import type { UserKey } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'passwords' | 'fanout'>;

/**
 * Sets a new password for a user and ends every login, in one transaction.
 * @throws DomainError `user-not-found`, `password-invalid`, `server-busy`
 */
export async function resetPassword(
  { store, clock, passwords, fanout }: Deps,
  key: UserKey,
  password: string,
): Promise<void> {
  checkPassword(password);
  const user = await requireUser(store, key);
  const passwordHash = await passwords.hash(password);
  const ended = await store.transaction(async ({ users, sessions }) => {
    const at = clock();
    await users.update(user.id, { passwordHash }, at);
    return sessions.endAll(user.id, null, at);
  });
  fanout.publishEnded(ended);
}
