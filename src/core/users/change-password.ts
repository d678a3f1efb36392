import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { noGuessLimits } from './guess-limits.ts';
import { checkPassword, isPossiblePassword } from './password.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'passwords' | 'fanout' | 'guesses'>;
type Input = { current: string; next: string };

/**
 * Sets a new password and ends every other login of the user, in one transaction.
 * @throws DomainError `password-invalid` (the new one), `credentials-wrong` (the current one), `too-many-requests`, `session-ended`,
 * `server-busy`
 */
export async function changePassword(deps: Deps, actor: Actor, { current, next }: Input): Promise<void> {
  const { store, clock, passwords, fanout, guesses = noGuessLimits } = deps;
  const { userId, sessionId } = actor;
  checkPassword(next);
  if (!isPossiblePassword(current)) throw new DomainError('credentials-wrong');
  const stored = await store.users.passwordHash(userId);
  if (stored === undefined) throw new DomainError('session-ended');
  const passwordHash = await guesses.change(userId, async () => {
    await proveCurrent(deps, actor, { stored, current });
    return passwords.hash(next, userId);
  });

  const ended = await store.transaction(async ({ users, sessions }) => {
    // Of two changes at once, the second was not made with the current password.
    await users.lock(userId);
    if ((await users.passwordHash(userId)) !== stored) throw new DomainError('credentials-wrong');
    const at = clock();
    await users.update(userId, { passwordHash }, at);
    return sessions.endAll(userId, sessionId, at);
  });
  fanout.publishEnded(ended);
}

/** Counts as a try at the stored password until it has proved right. */
async function proveCurrent(
  { passwords, guesses = noGuessLimits }: Deps,
  { userId, sessionId }: Actor,
  { stored, current }: { stored: string; current: string },
): Promise<void> {
  // Nobody has a name that begins like this: who signs in and who changes a password do not count for each other.
  const attempt = await guesses.attempt(`\0${userId}`, `login ${sessionId}`);
  const { ok } = await passwords.verify(stored, current, userId).catch(async (thrown: unknown) => {
    await attempt.takeBack();
    throw thrown;
  });
  if (!ok) throw new DomainError('credentials-wrong');
  await attempt.succeeded();
}
