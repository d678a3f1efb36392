import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { canonicalLogin } from './canonical-login.ts';
import { noGuessLimits } from './guess-limits.ts';
import { knowCaller } from './know-caller.ts';
import { isPossiblePassword } from './password.ts';
import { upgradePassword } from './upgrade-password.ts';
import type { User } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'passwords' | 'log' | 'guesses'>;
export type Credentials = { login: string; password: string; from?: string };

/**
 * Who has this username or email and this password. A name that nobody has takes as long as a wrong password, and as many of them,
 * and whether a user is disabled shows to those who know the password only.
 * @throws DomainError `credentials-wrong`, `user-disabled`, `too-many-requests`, `server-busy`
 */
export async function authenticateUser(
  deps: Deps,
  { login, password, from = '' }: Credentials,
): Promise<User> {
  const { store, passwords, guesses = noGuessLimits } = deps;
  // Says nothing about the name: it holds for all of them.
  if (!isPossiblePassword(password)) throw new DomainError('credentials-wrong');
  const loginKey = canonicalLogin(login);
  if (loginKey === undefined) {
    await passwords.verifyNothing(password);
    throw new DomainError('credentials-wrong');
  }

  const found = await store.users.findByLogin(loginKey);
  const attempt = await guesses.attempt(loginKey, from, found?.user.id);
  const user = await checkCredentials(deps, found, password).catch(async (thrown: unknown) => {
    const isWrong = thrown instanceof DomainError && thrown.code === 'credentials-wrong';
    if (!isWrong) await attempt.takeBack();
    throw thrown;
  });
  await attempt.succeeded();
  await knowCaller(guesses, user, from);
  return user;
}

async function checkCredentials(
  deps: Deps,
  found: Awaited<ReturnType<Deps['store']['users']['findByLogin']>>,
  password: string,
): Promise<User> {
  const { store, passwords } = deps;
  if (!found) {
    await passwords.verifyNothing(password);
    throw new DomainError('credentials-wrong');
  }

  const { ok, rehash } = await passwords.verify(found.passwordHash, password);
  if (!ok) throw new DomainError('credentials-wrong');

  // A verify may have waited in its queue: what was changed meanwhile must not let the old password in.
  const [user, passwordHash] = await Promise.all([
    store.users.find(found.user.id),
    store.users.passwordHash(found.user.id),
  ]);
  if (!user || passwordHash !== found.passwordHash) throw new DomainError('credentials-wrong');
  if (user.disabledAt) throw new DomainError('user-disabled');

  if (rehash) void upgradePassword(deps, { user, stored: passwordHash, password });
  return user;
}
