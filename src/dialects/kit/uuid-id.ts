import { DomainError, type ErrorCode } from '../../core/errors.ts';

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The UUID that a client names something by, in its one spelling. What is none names nothing. @throws DomainError `missing` */
export function toUuid<Uuid extends string>(text: string, missing: ErrorCode): Uuid {
  if (!uuidPattern.test(text)) throw new DomainError(missing);
  return text as Uuid;
}
