import { checkEmail } from '../../core/users/email.ts';
import { DomainError } from '../../core/errors.ts';

const minPasswordLength = 8;

/** An email as this wire keeps it: without white space around it, in lower case. */
export const canonicalEmail = (email: string): string => email.trim().toLowerCase();

/** What somebody signs in with; whatever is no text counts as missing. @throws DomainError `fields-missing` */
export function requireCredentials({ email, password }: { email?: unknown; password?: unknown }) {
  if (typeof email !== 'string' || typeof password !== 'string') throw new DomainError('fields-missing');
  const canonical = canonicalEmail(email);
  if (canonical === '' || password === '') throw new DomainError('fields-missing');
  return { email: canonical, password };
}

/**
 * The same for a new account. The email is looked at first: that is what a person is told of first.
 * @throws DomainError `fields-missing`, `email-invalid`, `field-invalid`
 */
export function requireNewCredentials(body: { email?: unknown; password?: unknown }) {
  const { email, password } = requireCredentials(body);
  checkEmail(email);
  // A character beyond the basic plane is two code units, but one for whoever types it.
  if (Array.from(password.slice(0, 2 * minPasswordLength)).length >= minPasswordLength)
    return { email, password };
  const problem = `Password must be at least ${minPasswordLength} characters long`;
  throw new DomainError('field-invalid', { details: [{ field: '', problem }] });
}
