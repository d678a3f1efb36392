import type { UpdateProfile } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import { checkEmail } from './email.ts';
import { checkFirstName } from './first-name.ts';
import { getUser } from './get-user.ts';
import { noGuessLimits } from './guess-limits.ts';
import type { User } from './user.ts';
import { checkUsername } from './username.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'guesses'>;

/**
 * Changes what is given and leaves the rest; names a few times an hour. Durable when it resolves.
 * @throws DomainError `username-invalid`, `email-invalid`, `field-invalid`, `username-taken`, `email-taken`, `session-ended`,
 * `too-many-requests`
 */
export async function updateUser(
  { store, clock, guesses = noGuessLimits }: Deps,
  actor: Actor,
  patch: UpdateProfile,
): Promise<User> {
  const changes = {
    ...(patch.username === undefined ? {} : checkUsername(patch.username)),
    ...(patch.email === undefined ? {} : checkEmail(patch.email)),
    ...(patch.firstName === undefined ? {} : { firstName: checkFirstName(patch.firstName) }),
  };
  if (isRenamed(await getUser(store, actor), changes)) await guesses.rename(actor.userId);
  return store.transaction(async (tables) => {
    const user = await getUser(tables, actor);
    if (Object.keys(changes).length === 0) return user;
    await tables.users.update(user.id, changes, clock());
    return getUser(tables, actor);
  });
}

/** Clients send the names that they show along with whatever was changed. */
const isRenamed = (user: User, { username, email }: { username?: string; email?: string }): boolean =>
  (username !== undefined && username !== user.username) || (email !== undefined && email !== user.email);
