import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { User } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'passwords' | 'log'>;

/** Stores a password that was just verified in today's form. Never throws: where it fails, the next sign-in tries again. */
export async function upgradePassword(
  { store, passwords, log }: Deps,
  { user, stored, password }: { user: User; stored: string; password: string },
): Promise<void> {
  try {
    const passwordHash = await passwords.hash(password);
    const stands = await store.transaction(async ({ users }) => {
      await users.lock(user.id);
      if ((await users.passwordHash(user.id)) !== stored) return false;
      // Nothing that the user would call a change: the time of the last one stays.
      await users.update(user.id, { passwordHash }, user.updatedAt);
      return true;
    });
    if (stands) log.info({ userId: user.id }, 'a password is now stored in the current form');
  } catch (thrown) {
    const error = DomainError.from(thrown);
    log.warn({ userId: user.id, code: error.code, err: error.cause }, 'a password keeps its old form');
  }
}
