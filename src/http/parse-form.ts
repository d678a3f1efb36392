import { DomainError } from '../core/errors.ts';

const maxFields = 1000;

/**
 * A form-urlencoded body, as an object without a prototype; of a field that comes twice the last one counts.
 * @throws DomainError `request-malformed` for bytes and escapes that are not UTF-8, and for more than 1000 fields
 */
export function parseForm(bytes: Buffer): Record<string, string> {
  const fields = Object.create(null) as Record<string, string>;
  if (bytes.length === 0) return fields;
  const pairs = bytes.toString('latin1').split('&', maxFields + 1);
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
  // Raw bytes above ASCII are escaped first, so that they too must be UTF-8.
  const escaped = text
    .replaceAll('+', ' ')
    .replace(/[\u0080-\u00ff]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  try {
    return decodeURIComponent(escaped);
  } catch (cause) {
    throw new DomainError('request-malformed', { cause });
  }
}
