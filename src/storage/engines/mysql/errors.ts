import { foundNextTime, ServerFailure, type FailureKind } from '../server/failure.ts';

const kinds: readonly (readonly [FailureKind, readonly (number | string)[]])[] = [
  // Deadlocks, waits for a lock that took too long, rows that changed since they were read.
  ['conflict', [1213, 1205, 1020]],
  ['taken', [1062, 1586]],
  // Shutting down, killed, idle for too long.
  ['lost', [1053, 1927, 4031, 1158, 1159, 1160, 1161, 'PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE']],
  ['outdated', [1243, 1615]],
  // Connections and resources that are used up, memory, disk, engine.
  ['away', [1040, 1203, 1226, 1129, 1130, 1461, 1021, 1030, 1037, 1038, 1041, 1114, 1180, 1206, 1637]],
  // Names, passwords, databases, read-only servers, statements that took too long.
  ['away', [1044, 1045, 1049, 1290, 1792, 1836, 1317, 1969, 3024, 'PROTOCOL_SEQUENCE_TIMEOUT']],
];

const kindOf = new Map(kinds.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)));

type MysqlError = Error & { errno?: number; code?: string; fatal?: boolean };

/** What an error of the driver means. `connected`: whether it came over a connection that worked before. */
export const toFailure = (thrown: unknown, { connected, sql }: { connected: boolean; sql: string }) => {
  if (thrown instanceof ServerFailure) return thrown;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as MysqlError;
  const code = error.code ?? String(error.errno ?? 'CONNECTION');
  const said = { code, message: isFromServer(error) ? withoutValues(error, code) : error.message };
  const kind = kindOf.get(error.errno ?? '') ?? kindOf.get(code) ?? otherKind(error);
  if (kind === 'taken') {
    const constraint = constraintOf(error.message, sql);
    return new ServerFailure(foundNextTime.has(constraint) ? 'conflict' : kind, { ...said, constraint });
  }
  return new ServerFailure(kind === 'lost' && !connected ? 'away' : kind, said);
};

/** Numbers of the server are positive; those of the system are negative or missing. */
const isFromServer = ({ errno = 0 }: MysqlError): boolean => errno > 0;

const otherKind = (error: MysqlError): FailureKind => {
  if (isFromServer(error)) return 'wrong';
  if (/closed state|connection/i.test(error.message)) return 'lost';
  return error.fatal === true || (error.code ?? '').startsWith('E') ? 'away' : 'wrong';
};

/** Primary keys have no name here but that of their table. */
const constraintOf = (message: string, sql: string): string => {
  const key = /for key '(?:[^'.]*\.)?([^'.]*)'$/.exec(message)?.[1] ?? '';
  if (key !== 'PRIMARY') return key;
  return `${/^insert into `(\w+)`/.exec(sql)?.[1] ?? ''}_key`;
};

/** These quote what users wrote. */
const withoutValues = ({ errno, message }: MysqlError, code: string): string =>
  errno === 1062 || errno === 1366 || errno === 1292 || errno === 1064 ? `Error ${errno} (${code})` : message;
