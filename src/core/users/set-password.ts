import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import { noGuessLimits } from './guess-limits.ts';
import { checkPassword } from './password.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'passwords' | 'fanout' | 'guesses'>;

/**
 * Sets a new password without asking for the present one, for dialects whose contract does not, and ends every other login of the
 * user, in one transaction. @throws DomainError `password-invalid`, `too-many-requests`, `server-busy`
 */
export async function setPassword(
  { store, clock, passwords, fanout, guesses = noGuessLimits }: Deps,
  { userId, sessionId }: Actor,
  next: string,
): Promise<void> {
  checkPassword(next);
  const passwordHash = await guesses.change(userId, () => passwords.hash(next, userId));
  const ended = await store.transaction(async ({ users, sessions }) => {
    const at = clock();
    await users.update(userId, { passwordHash }, at);
    return sessions.endAll(userId, sessionId, at);
  });
  fanout.publishEnded(ended);
}
