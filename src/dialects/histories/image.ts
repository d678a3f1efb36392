import { DomainError } from '../../core/errors.ts';

export const imageLimitBytes = 8 * 1024 * 1024;
/** A base64 image of that size, escaped in a form, with its question. */
export const formLimitBytes = 12 * 1024 * 1024;

const signatures: readonly [prefix: string, mediaType: string][] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
];

/**
 * What a client sent as an image, as a URL: a URL and a data URL as they are, bare base64 as a data URL; nothing as null.
 * @throws DomainError `field-invalid` for what is none of them
 */
export function toImageUrl(image: string | null | undefined): string | null {
  if (image === null || image === undefined || image === '') return null;
  if (/^(?:https?:\/\/|data:image\/)/i.test(image)) return image;
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(image)) return `data:${mediaTypeOf(image)};base64,${image}`;
  throw new DomainError('field-invalid', {
    details: [{ field: 'image', problem: 'must be a URL, a data URL or base64' }],
  });
}

/** A file's bytes as a data URL. */
export function toDataUrl(bytes: Buffer): string {
  const base64 = bytes.toString('base64');
  return `data:${mediaTypeOf(base64)};base64,${base64}`;
}

/** What the first bytes say that it is; their file's name and declared type may say anything. */
const mediaTypeOf = (base64: string): string =>
  signatures.find(([prefix]) => base64.startsWith(prefix))?.[1] ?? 'image/png';
