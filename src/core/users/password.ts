import { DomainError } from '../errors.ts';
import { firstCharacters } from '../unicode-text.ts';

const maxLength = 1024;

/** Whether a text can be anybody's password: 1 to 1024 characters of valid Unicode without NUL. */
export function isPossiblePassword(password: string): boolean {
  if (password === '' || password.includes('\0') || !password.isWellFormed()) return false;
  return firstCharacters(password, maxLength) === password;
}

/** Gives a new password back as it is: white space and case count. @throws DomainError `password-invalid` */
export function checkPassword(password: string): string {
  if (!isPossiblePassword(password)) throw new DomainError('password-invalid');
  return password;
}
