import { DomainError } from './errors.ts';

/**
 * Gives the text back unaltered. Refuses NUL, which Postgres cannot store, and lone surrogates, which every engine changes silently.
 * @throws DomainError `text-not-unicode`
 */
export function requireUnicode(text: string, field = 'text'): string {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new DomainError('text-not-unicode', {
      details: [{ field, problem: 'holds a NUL or half of a surrogate pair' }],
    });
  }
  return text;
}

/** What an AI said, made storable: NULs are dropped and lone surrogates become U+FFFD. Valid text stays as it is. */
export function toUnicode(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
}

/** As much of the beginning as `count` UTF-16 code units hold, without splitting a pair. */
export function firstUnits(text: string, count: number): string {
  if (text.length <= count) return text;
  return text.slice(0, count > 0 && isHighSurrogate(text.charCodeAt(count - 1)) ? count - 1 : count);
}

export const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** The first `count` characters (code points, so that no pair is split). */
export function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  // A code point has at most two units: what lies behind cannot be among the first.
  return Array.from(text.slice(0, count * 2))
    .slice(0, count)
    .join('');
}

/** Whether a text has more than so many characters (code points). */
export const isLonger = (text: string, most: number): boolean =>
  text.length > most && firstCharacters(text, most) !== text;
