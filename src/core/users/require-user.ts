import { DomainError } from '../errors.ts';
import type { Tables } from '../store.ts';
import type { User, UserKey } from './user.ts';

/** @throws DomainError `user-not-found` */
export async function requireUser({ users }: Pick<Tables, 'users'>, key: UserKey): Promise<User> {
  const user = await users.find(key);
  if (!user) throw new DomainError('user-not-found');
  return user;
}
