import { DomainError } from '../errors.ts';
import type { Tables } from '../store.ts';
import { canonicalLogin } from './canonical-login.ts';
import type { User, UserId, UserUuid } from './user.ts';

const wholeNumber = /^[1-9]\d{0,14}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The user whom an operator means by an id, a UUID, a username or an email. What looks like an id or a UUID and is one is taken
 * for it: nobody can put themselves in another's place by their name. @throws DomainError `user-not-found`
 */
export async function lookUpUser({ users }: Pick<Tables, 'users'>, name: string): Promise<User> {
  const given = name.trim();
  const user =
    (wholeNumber.test(given) ? await users.find(Number(given) as UserId) : undefined) ??
    (uuid.test(given) ? await users.find(given.toLowerCase() as UserUuid) : undefined) ??
    (await findByName(users, given));
  if (!user) throw new DomainError('user-not-found');
  return user;
}

async function findByName(users: Tables['users'], name: string): Promise<User | undefined> {
  const loginKey = canonicalLogin(name);
  return loginKey === undefined ? undefined : (await users.findByLogin(loginKey))?.user;
}
