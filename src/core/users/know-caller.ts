import { canonicalLogin } from './canonical-login.ts';
import type { GuessLimits } from './guess-limits.ts';
import type { User } from './user.ts';

/** Remembers that a caller has proved to be this user, whichever of the user's names comes next. Without a caller it does nothing. */
export async function knowCaller(guesses: GuessLimits, user: User, from: string): Promise<void> {
  if (from === '') return;
  for (const name of [user.username, user.email]) {
    const key = name === null ? undefined : canonicalLogin(name);
    if (key !== undefined) await guesses.know(key, from, user.id);
  }
}
