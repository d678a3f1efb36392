import { DomainError } from '../errors.ts';
import { firstCharacters, isLonger, requireUnicode } from '../unicode-text.ts';

const autoTitleLength = 40;

/** A title as given, without outer white space; `maximum` in characters. @throws DomainError `title-empty`, `title-too-long`, `text-not-unicode` */
export function checkTitle(title: string, maximum: number): string {
  const trimmed = requireUnicode(title, 'title').trim();
  if (trimmed === '') throw new DomainError('title-empty');
  if (isLonger(trimmed, maximum)) throw new DomainError('title-too-long');
  return trimmed;
}

/** The title that a first message gives its chat: its first 40 characters, with `...` when it goes on. */
export function autoTitle(text: string): string {
  const trimmed = text.trim();
  const start = firstCharacters(trimmed, autoTitleLength);
  return start.length < trimmed.length ? `${start}...` : start;
}
