import type { RegisterUser } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Store } from '../store.ts';
import { uuidv7 } from '../uuidv7.ts';
import { checkEmail } from './email.ts';
import { checkFirstName } from './first-name.ts';
import { noGuessLimits } from './guess-limits.ts';
import { knowCaller } from './know-caller.ts';
import { checkPassword } from './password.ts';
import type { User, UserUuid } from './user.ts';
import { checkUsername } from './username.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'passwords' | 'guesses'>;

/**
 * Stores a new user, who is durable when it resolves; of several at once with the same name one is.
 * @throws DomainError `fields-missing` (neither name nor email), `username-invalid`, `email-invalid`, `field-invalid`,
 * `password-invalid`, `username-taken`, `email-taken`, `server-busy`
 */
export async function registerUser(deps: Deps, input: RegisterUser): Promise<User> {
  const { store, clock, passwords, guesses = noGuessLimits } = deps;
  if (input.username === undefined && input.email === undefined) throw new DomainError('fields-missing');
  const names = {
    ...(input.username === undefined ? { username: null, usernameKey: null } : checkUsername(input.username)),
    ...(input.email === undefined ? { email: null, emailKey: null } : checkEmail(input.email)),
    firstName: checkFirstName(input.firstName ?? null),
  };
  const password = checkPassword(input.password);

  // The database has the last word. Asked here too, so that a name that is taken does not cost a hash.
  await requireFree(store, names);
  // Before the transaction: other writers must not wait for a hash.
  const passwordHash = await passwords.hash(password);

  const at = clock();
  const user = await store.transaction(({ users }) =>
    users.insert({
      uuid: uuidv7(at) as UserUuid,
      ...names,
      passwordHash,
      role: input.role ?? 'user',
      at,
    }),
  );
  await knowCaller(guesses, user, input.from ?? '');
  return user;
}

async function requireFree(
  { users }: Store,
  { usernameKey, emailKey }: { usernameKey: string | null; emailKey: string | null },
): Promise<void> {
  if (usernameKey !== null && (await users.findByLogin(usernameKey))) throw new DomainError('username-taken');
  if (emailKey !== null && (await users.findByLogin(emailKey))) throw new DomainError('email-taken');
}
