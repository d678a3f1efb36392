import { DomainError } from '../errors.ts';
import { isVisible } from './visible-text.ts';

const maxLength = 100;

/** A first name without white space around it; null for none. @throws DomainError `field-invalid` */
export function checkFirstName(given: string | null): string | null {
  const firstName = given?.trim() ?? '';
  if (firstName === '') return null;
  if (firstName.length > maxLength || !isVisible(firstName)) {
    const problem = `must have at most ${maxLength} visible characters`;
    throw new DomainError('field-invalid', { details: [{ field: 'first_name', problem }] });
  }
  return firstName;
}
