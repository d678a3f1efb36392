import { isUtf8 } from 'node:buffer';
import { DomainError } from '../core/errors.ts';

const maxFields = 1000;

/**
 * A form-urlencoded body, as an object without a prototype; of a field that comes twice the last one counts.
 * @throws DomainError `request-malformed` for bytes and escapes that are not UTF-8, and for more than 1000 fields
 */
export function parseForm(bytes: Buffer): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>;
  if (bytes.length === 0) return fields;
  if (!isUtf8(bytes)) throw new DomainError('request-malformed');
  const pairs = bytes.toString('utf8').split('&', maxFields + 1);
  if (pairs.length > maxFields) throw new DomainError('request-malformed');
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    fields[decode(name)] = equals < 0 ? '' : decode(pair.slice(equals + 1));
  }
  return fields;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (cause) {
    throw new DomainError('request-malformed', { cause });
  }
}
