import { DomainError, type ErrorDetail } from '../../core/errors.ts';
import { isLonger } from '../../core/unicode-text.ts';
import { isScriptLike, stripTags } from './inert-text.ts';

const usernamePattern = /^\w+$/;
const emailPattern = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

const maxMessageLength = 5000;
const maxTitleLength = 255;
const maxPasswordLength = 1024;

/** A refusal in a sentence of its own, as this wire says it. */
export const refuse = (sentence: string): DomainError =>
  new DomainError('field-invalid', { details: [{ field: '', problem: sentence }] });

/** A body with at least one key: `{}` and an empty body are none to this wire. @throws DomainError "Request body is required" */
export function requireBody<Body extends object>(body: Body): Body {
  if (Object.keys(body).length === 0) throw refuse('Request body is required');
  return body;
}

type Account = { username?: unknown; email?: unknown; password?: unknown };
export type CheckedAccount = { username: string; email: string; password: string };

const rules: Record<keyof CheckedAccount, (value: string) => string[]> = {
  username: (value) => [
    ...(value.length < 3 || value.length > 80 ? ['Username must be between 3 and 80 characters'] : []),
    ...(usernamePattern.test(value) ? [] : ['Username can only contain letters, numbers, and underscores']),
  ],
  email: (value) => (value.length <= 120 && emailPattern.test(value) ? [] : ['Invalid email format']),
  password: (value) => [
    ...(value.length < 8 ? ['Password must be at least 8 characters long'] : []),
    ...(value.length > maxPasswordLength ? ['Password cannot exceed 1024 characters'] : []),
    ...(isStorable(value) ? [] : ['Password must be valid Unicode without NUL characters']),
    ...(/[A-Z]/.test(value) ? [] : ['Password must contain at least one uppercase letter']),
    ...(/[a-z]/.test(value) ? [] : ['Password must contain at least one lowercase letter']),
    ...(/\d/.test(value) ? [] : ['Password must contain at least one number']),
  ],
};
const fields = ['username', 'email', 'password'] as const;

/** The given fields of an account, clean; every broken rule is one of the `details`. @throws DomainError "Validation failed" */
export function checkAccount(
  body: Account,
  required: readonly (keyof CheckedAccount)[],
): Partial<CheckedAccount> {
  const details: ErrorDetail[] = [];
  const checked: Partial<CheckedAccount> = {};
  for (const field of fields) {
    const given = body[field];
    if (given === undefined && !required.includes(field)) continue;
    if (typeof given !== 'string' || given.trim() === '') {
      details.push({ field, problem: 'is required' });
      continue;
    }
    const value = field === 'password' ? given : stripTags(given).trim();
    details.push(...rules[field](value).map((problem) => ({ field: '', problem })));
    checked[field] = value;
  }
  if (details.length > 0) throw new DomainError('fields-missing', { details });
  return checked;
}

/** A session's title without tags and outer white space. @throws DomainError `title-empty`, `title-too-long` */
export function checkTitle(title: unknown): string {
  if (typeof title !== 'string') throw new DomainError('title-empty');
  // As it was given: what is longer is not even looked at.
  if (isLonger(title.trim(), maxTitleLength)) throw new DomainError('title-too-long');
  const clean = stripTags(title).trim();
  if (clean === '') throw new DomainError('title-empty');
  return clean;
}

/**
 * A message's text without tags and otherwise as it was given.
 * @throws DomainError `text-empty`, `text-too-long`, "Message contains inappropriate content"
 */
export function checkText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') throw new DomainError('text-empty');
  if (isLonger(text, maxMessageLength)) throw new DomainError('text-too-long');
  const clean = stripTags(text);
  // What stood between tags may come together.
  if (isScriptLike(text) || isScriptLike(clean)) throw refuse('Message contains inappropriate content');
  if (clean.trim() === '') throw new DomainError('text-empty');
  return clean;
}

/** Who speaks. @throws DomainError 'Sender must be "user" or "ai"' */
export function checkSender(sender: unknown): 'user' | 'assistant' {
  if (sender === undefined || sender === null || sender === 'user') return 'user';
  if (sender === 'ai') return 'assistant';
  throw refuse('Sender must be "user" or "ai"');
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
