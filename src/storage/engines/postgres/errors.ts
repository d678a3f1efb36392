import { foundNextTime, ServerFailure, type FailureKind } from '../server/failure.ts';

type PostgresError = Error & { code: string; constraint?: string | undefined };

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

const kinds: Readonly<Record<string, FailureKind>> = {
  '40001': 'conflict',
  '40P01': 'conflict',
  '23505': 'taken',
  // Breaks off the connection of a transaction that did nothing for too long: nothing of it is stored.
  '25P03': 'lost',
  // A prepared statement that the server does not know, as behind a pooler.
  '26000': 'outdated',
  // Statement and lock timeouts, read-only standbys.
  '57014': 'away',
  '55P03': 'away',
  '25006': 'away',
};

/** Classes: connection, resources, operator, system, and the ways to be refused at the door. */
const awayClasses = new Set(['08', '53', '57', '58', '28', '3D', 'XX']);

const kindOf = (code: string, message: string): FailureKind => {
  if (code === '0A000' && message.includes('cached plan')) return 'outdated';
  const known = kinds[code];
  if (known) return known;
  // The server says goodbye to this connection; the next one may find it up again.
  if (code === '57P01' || code === '57P02') return 'lost';
  return awayClasses.has(code.slice(0, 2)) ? 'away' : 'wrong';
};

/** Whether the server answered: then an error is its own, else the connection's. */
const isFromServer = (error: unknown): error is PostgresError =>
  error instanceof Error && /^[0-9A-Z]{5}$/.test(codeOf(error)) && 'severity' in error;

/** What an error of the driver means. `connected`: whether it came over a connection that worked before. */
export const toFailure = (thrown: unknown, connected: boolean): ServerFailure => {
  if (thrown instanceof ServerFailure) return thrown;
  if (isFromServer(thrown)) {
    const { code, message, constraint } = thrown;
    if (constraint !== undefined && foundNextTime.has(constraint))
      return new ServerFailure('conflict', { code, message, constraint });
    return new ServerFailure(kindOf(code, message), { code, message: withoutValues(message), constraint });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = codeOf(thrown) || 'CONNECTION';
  if (!connected || message === 'Query read timeout') return new ServerFailure('away', { code, message });
  return new ServerFailure(isOfConnection(thrown, message) ? 'lost' : 'wrong', { code, message });
};

const isOfConnection = (thrown: unknown, message: string): boolean =>
  /^E[A-Z]+$/.test(codeOf(thrown)) || /connection|not queryable|was closed/i.test(message);

/** Messages quote values after a colon ("invalid input syntax for type bigint: ...") and names before it. */
const withoutValues = (message: string): string => message.replace(/: ".*$/s, '');
