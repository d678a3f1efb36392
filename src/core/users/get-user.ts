import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Tables } from '../store.ts';
import type { User } from './user.ts';

/** The user who asks. @throws DomainError `session-ended` when the account is gone */
export async function getUser({ users }: Pick<Tables, 'users'>, { userId }: Actor): Promise<User> {
  const user = await users.find(userId);
  if (!user) throw new DomainError('session-ended');
  return user;
}
