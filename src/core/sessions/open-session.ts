import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { User } from '../users/user.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { Session, SessionKind, SessionUuid } from './session.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock'>;
type Opening = { user: User; kind: SessionKind; secretHash: string | null; lifetimeMs: number };

/** Stores a login; durable when it resolves. @throws DomainError `user-disabled`, `session-ended` when the account is gone */
export function openSession({ store, clock }: Deps, opening: Opening): Promise<Session> {
  return store.transaction(async ({ users, sessions }) => {
    // Read again, in the transaction: disabling ends the logins that it finds, so none may slip in after it.
    const user = await users.find(opening.user.id);
    if (!user) throw new DomainError('session-ended');
    if (user.disabledAt) throw new DomainError('user-disabled');
    const at = clock();
    return sessions.insert({
      uuid: uuidv7(at) as SessionUuid,
      userId: user.id,
      kind: opening.kind,
      secretHash: opening.secretHash,
      at,
      lifetimeMs: opening.lifetimeMs,
    });
  });
}
