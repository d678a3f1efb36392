import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { User } from '../users/user.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { Session, SessionKind, SessionUuid } from './session.ts';

/** A user has at most so many logins: the next one ends the oldest. */
export const mostLogins = 200;

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout'>;
type Opening = { user: User; kind: SessionKind; secretHash: string | null; lifetimeMs: number };

/**
 * Stores a login of a user as they were when their password was checked; durable when it resolves.
 * @throws DomainError `user-disabled`, `session-ended` when the account is gone, `credentials-wrong` when it has changed since
 */
export async function openSession({ store, clock, fanout }: Deps, opening: Opening): Promise<Session> {
  const { session, ended } = await store.transaction(async ({ users, sessions }) => {
    // Read again, in the transaction: a new password and disabling end the logins that they find, so none may slip in after them.
    await users.lock(opening.user.id);
    const user = await users.find(opening.user.id);
    if (!user) throw new DomainError('session-ended');
    if (user.disabledAt) throw new DomainError('user-disabled');
    if (user.updatedAt.getTime() !== opening.user.updatedAt.getTime()) {
      throw new DomainError('credentials-wrong');
    }
    const at = clock();
    const session = await sessions.insert({
      uuid: uuidv7(at) as SessionUuid,
      userId: user.id,
      kind: opening.kind,
      secretHash: opening.secretHash,
      at,
      lifetimeMs: wholeSeconds(opening, at),
    });
    return { session, ended: await sessions.endOldest(user.id, mostLogins, at) };
  });
  if (ended.length > 0) fanout.publishEnded(ended);
  return session;
}

/** A token tells its end in whole seconds (RFC 7519, 2): the login that it proves ends with it, and not up to a second later. */
function wholeSeconds({ kind, lifetimeMs }: Opening, at: Date): number {
  return kind === 'access' ? lifetimeMs - ((at.getTime() + lifetimeMs) % 1_000) : lifetimeMs;
}
