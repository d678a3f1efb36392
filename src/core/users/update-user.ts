import type { UpdateProfile } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import { checkEmail } from './email.ts';
import { checkFirstName } from './first-name.ts';
import { getUser } from './get-user.ts';
import type { User } from './user.ts';
import { checkUsername } from './username.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock'>;

/**
 * Changes what is given and leaves the rest. Durable when it resolves.
 * @throws DomainError `username-invalid`, `email-invalid`, `field-invalid`, `username-taken`, `email-taken`, `session-ended`
 */
export async function updateUser({ store, clock }: Deps, actor: Actor, patch: UpdateProfile): Promise<User> {
  const changes = {
    ...(patch.username === undefined ? {} : checkUsername(patch.username)),
    ...(patch.email === undefined ? {} : checkEmail(patch.email)),
    ...(patch.firstName === undefined ? {} : { firstName: checkFirstName(patch.firstName) }),
  };
  return store.transaction(async (tables) => {
    const user = await getUser(tables, actor);
    if (Object.keys(changes).length === 0) return user;
    await tables.users.update(user.id, changes, clock());
    return getUser(tables, actor);
  });
}
