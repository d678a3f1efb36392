import { DomainError, type ErrorCode } from '../../core/errors.ts';

/** A path parameter that takes whatever may be meant as a number, and leaves words to other routes: `/chat/${idParam('chatId')}`. */
export const idParam = (name: string): string => `:${name}(^[-+.\\d].*$)`;

/** The id that a path names. What is no id in its one decimal spelling names nothing. @throws DomainError `missing` */
export function toIntegerId<Id extends number>(text: string, missing: ErrorCode): Id {
  const id = Number(text);
  if (!/^[1-9]\d{0,15}$/.test(text) || !Number.isSafeInteger(id)) throw new DomainError(missing);
  return id as Id;
}
