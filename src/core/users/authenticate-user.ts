import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { canonicalLogin } from './canonical-login.ts';
import { isPossiblePassword } from './password.ts';
import { upgradePassword } from './upgrade-password.ts';
import type { User } from './user.ts';

type Deps = Pick<CoreDependencies, 'store' | 'passwords' | 'log'>;

/**
 * Who has this username or email and this password. A name that nobody has takes as long as a wrong password, and whether a user
 * is disabled shows to those who know the password only. @throws DomainError `credentials-wrong`, `user-disabled`, `server-busy`
 */
export async function authenticateUser(
  deps: Deps,
  { login, password }: { login: string; password: string },
): Promise<User> {
  const { store, passwords } = deps;
  // Says nothing about the name: it holds for all of them.
  if (!isPossiblePassword(password)) throw new DomainError('credentials-wrong');

  const loginKey = canonicalLogin(login);
  const found = loginKey === undefined ? undefined : await store.users.findByLogin(loginKey);
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
