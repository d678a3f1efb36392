import { canonicalName } from './canonical-name.ts';

/** Longer than any username or email. */
const maxLength = 320;

/** The canonical form of what a person signs in with; undefined when no user can have such a name. */
export function canonicalLogin(login: string): string | undefined {
  if (login.length > maxLength || login.includes('\0') || !login.isWellFormed()) return undefined;
  return canonicalName(login) || undefined;
}
