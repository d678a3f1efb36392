import { DomainError, type ErrorCode } from '../../core/errors.ts';

/**
 * A number or its decimal string, as the clients send it. A number that is no id names nothing.
 * @throws DomainError `field-invalid`, `missing`
 */
export function readId<Id extends number>(given: unknown, missing: ErrorCode): Id {
  if (typeof given !== 'number' && !(typeof given === 'string' && /^\d+$/.test(given))) {
    throw new DomainError('field-invalid');
  }
  const id = Number(given);
  if (!Number.isSafeInteger(id) || id < 1 || String(id) !== String(given)) {
    throw new DomainError(missing);
  }
  return id as Id;
}
