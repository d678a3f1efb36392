import { DomainError } from '../errors.ts';
import { canonicalName } from './canonical-name.ts';

const maxLength = 254;
/** Words between single dots; no white space, quotes, brackets or invisible characters. */
const local = /^(?!.{65})[^\s\p{C}@."(),:;<>[\\\]]+(\.[^\s\p{C}@."(),:;<>[\\\]]+)*$/u;
/** At least two labels, in any script. */
const domain =
  /^([\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])$/u;

export type Email = { email: string; emailKey: string };

/**
 * An email address as it was given, without white space around it, and its canonical form. Only what could never receive mail is
 * refused; whether it does is for a confirmation to find out. @throws DomainError `email-invalid`
 */
export function checkEmail(given: string): Email {
  const email = given.trim();
  const emailKey = email.length <= maxLength ? canonicalName(email) : '';
  if (!isAddress(email) || !isAddress(emailKey)) throw new DomainError('email-invalid');
  return { email, emailKey };
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  return (
    at > 0 && text.length <= maxLength && local.test(text.slice(0, at)) && domain.test(text.slice(at + 1))
  );
}
