import { DomainError } from '../errors.ts';
import { firstCharacters } from '../unicode-text.ts';
import { canonicalName } from './canonical-name.ts';
import { isVisible } from './visible-text.ts';

const maxLength = 80;
/** One character may fold into eighteen, and the database's index has an end. */
const maxKeyLength = 255;

export type Username = { username: string; usernameKey: string };

/**
 * A username as it is shown, without white space around it, and its canonical form. It has no `@`, so that a login is never both
 * a username and an email. @throws DomainError `username-invalid`
 */
export function checkUsername(given: string): Username {
  const username = given.trim();
  if (firstCharacters(username, maxLength) !== username || !isVisible(username)) {
    throw new DomainError('username-invalid');
  }
  const usernameKey = canonicalName(username);
  if (usernameKey === '' || usernameKey.length > maxKeyLength || usernameKey.includes('@')) {
    throw new DomainError('username-invalid');
  }
  return { username, usernameKey };
}
