import { DomainError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { requireUnicode } from '../unicode-text.ts';

/** What a message may be: text or an image's URL, within bounds, kept as given. @throws DomainError `text-*`, `field-invalid` */
export function checkMessage(
  input: { text: string; imageUrl?: string | null },
  limits: Limits,
): { text: string; imageUrl: string | null } {
  const imageUrl = input.imageUrl ? requireUnicode(input.imageUrl, 'image_url') : null;
  if (imageUrl !== null && imageUrl.length > limits.imageUrlLength) {
    throw new DomainError('field-invalid', { details: [{ field: 'image_url', problem: 'is too long' }] });
  }
  const text = requireUnicode(input.text);
  if (text.length > limits.textLength) throw new DomainError('text-too-long');
  if (imageUrl === null && text.trim() === '') throw new DomainError('text-empty');
  return { text, imageUrl };
}

/** 1 to 255 visible ASCII characters, as an HTTP header can carry them. @throws DomainError `idempotency-key-invalid` */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new DomainError('idempotency-key-invalid');
  return key;
}
