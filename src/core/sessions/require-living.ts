import { DomainError } from '../errors.ts';
import type { SessionWithUser } from '../store.ts';

/** The login if it can still be used at a time. @throws DomainError `user-disabled`, `session-ended` */
export function requireLiving(found: SessionWithUser | undefined, at: Date): SessionWithUser {
  if (found?.user.disabledAt) throw new DomainError('user-disabled');
  if (!found || !isLiving(found, at)) throw new DomainError('session-ended');
  return found;
}

/** Whether a login has neither ended nor expired, and its user may use it. */
export const isLiving = ({ session, user }: SessionWithUser, at: Date): boolean =>
  session.endedAt === null && session.expiresAt > at && user.disabledAt === null;
