import { DomainError, type ErrorDetail } from '../../core/errors.ts';

const usernamePattern = /^\w+$/;
const emailPattern = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;
/** Two letters behind `<`: what a browser would take for a tag. A lone `<` is arithmetic. */
const tagPattern = /<\/?[a-z!][^<>]*>/gi;
const inappropriatePattern = /javascript:|<\s*\/?\s*(?:iframe|object|embed)\b|<[^<>]*\son[a-z]+\s*=/i;

const maxMessageLength = 5000;
const maxTitleLength = 255;

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

/** A session's title without tags. @throws DomainError `title-empty`, `title-too-long` */
export function checkTitle(title: unknown): string {
  if (typeof title !== 'string') throw new DomainError('title-empty');
  const clean = stripTags(title).trim();
  if (clean === '') throw new DomainError('title-empty');
  if (clean.length > maxTitleLength) throw new DomainError('title-too-long');
  return clean;
}

/** A message's text without tags. @throws DomainError `text-empty`, `text-too-long`, "Message contains inappropriate content" */
export function checkText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') throw new DomainError('text-empty');
  if (text.length > maxMessageLength) throw new DomainError('text-too-long');
  if (inappropriatePattern.test(text)) throw refuse('Message contains inappropriate content');
  const clean = stripTags(text).trim();
  if (clean === '') throw new DomainError('text-empty');
  return clean;
}

/** Who speaks. @throws DomainError 'Sender must be "user" or "ai"' */
export function checkSender(sender: unknown): 'user' | 'assistant' {
  if (sender === undefined || sender === null || sender === 'user') return 'user';
  if (sender === 'ai') return 'assistant';
  throw refuse('Sender must be "user" or "ai"');
}

/** Removing a tag may leave another one behind: `<scr<b>ipt>`. */
function stripTags(text: string): string {
  const stripped = text.replace(tagPattern, '');
  return stripped === text ? text : stripTags(stripped);
}
