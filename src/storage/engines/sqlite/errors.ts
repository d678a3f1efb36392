import { DomainError } from '../../../core/errors.ts';
import { takenBy } from '../engine.ts';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The primary result code, where the driver tells one. */
const codeOf = (error: unknown): number | undefined => {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
};

// Not every error of @photostructure/sqlite has an `errcode`, so the message counts as well.
const SQLITE_BUSY = 5;

/** Whether another process holds the lock at this moment, so that a second try may succeed. */
export const isBusy = (error: unknown): boolean =>
  codeOf(error) === SQLITE_BUSY || /database (table |schema )?is locked/.test(messageOf(error));

// BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
const unavailableCodes = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);
const unavailableMessage =
  /is locked|out of memory|readonly database|disk I\/O error|disk image is malformed|disk is full|unable to open|locking protocol|not a database|not open/;

/** SQLite names the first column of a constraint instead of the constraint. */
const constraintOf: Readonly<Record<string, string>> = {
  'users.username_key': 'users_username_key_unique',
  'users.email_key': 'users_email_key_unique',
  'idempotency_keys.user_id': 'idempotency_keys_key',
};

/** What a failure of SQLite means to the core; a failure that only a bug explains stays as it is. */
export const translate = (error: unknown): unknown => {
  if (error instanceof DomainError) return error;
  const message = messageOf(error);
  const taken = /UNIQUE constraint failed: ([a-z_.]+)/.exec(message)?.[1];
  if (taken !== undefined) {
    const code = takenBy[constraintOf[taken] ?? ''];
    return code === undefined ? error : new DomainError(code, { cause: error });
  }
  if (unavailableCodes.has(codeOf(error) ?? 0) || unavailableMessage.test(message)) return unavailable(error);
  return error;
};

const diskTroubles: readonly (readonly [RegExp, string])[] = [
  [/disk is full/, 'cannot be written, because the disk is full; make room on it'],
  [
    /readonly database/,
    'cannot be opened for writing; check that its folder belongs to this user, and that the disk is not mounted read-only',
  ],
  [/unable to open/, 'cannot be opened for writing; check that its folder exists and belongs to this user'],
  [
    /disk I\/O error/,
    'cannot be read or written, because the disk is full or fails; make room on it, or look at the log of the system',
  ],
];

/** What keeps SQLite from reading or writing its file and what to do about it, as the end of a sentence; undefined for any other error. */
export const diskTrouble = (error: unknown): string | undefined =>
  diskTroubles.find(([words]) => words.test(messageOf(error)))?.[1];

export const unavailable = (cause: unknown): DomainError =>
  new DomainError('storage-unavailable', { cause, retryAfterSeconds: 1 });
