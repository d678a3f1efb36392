import { inspect } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { DomainError } from '../core/errors.ts';
import { StorageError } from '../storage/engines/engine.ts';
import { diskTrouble } from '../storage/engines/sqlite/errors.ts';

/** One line for a person: what went wrong, and where it is known what to do. Only a bug comes with its stack. */
export function sentenceOf(thrown: unknown): string {
  if (thrown instanceof ConfigError || thrown instanceof StorageError) return thrown.message;
  if (isNodeError(thrown)) return sentenceOfSystemError(thrown);
  if (thrown instanceof DomainError) {
    if (thrown.code === 'server-error') return inspect(thrown.cause ?? thrown);
    const trouble = thrown.code === 'storage-unavailable' ? diskTrouble(thrown.cause) : undefined;
    if (trouble !== undefined) return `The database ${trouble}`;
    const cause = thrown.cause instanceof Error ? ` (${thrown.cause.message})` : '';
    return `${thrown.message}${cause}`;
  }
  const trouble = isSqliteError(thrown) ? diskTrouble(thrown) : undefined;
  if (trouble !== undefined) return `The database ${trouble}`;
  return thrown instanceof Error && thrown.name !== 'Error' && thrown.name !== 'TypeError'
    ? thrown.message
    : inspect(thrown);
}

const isSqliteError = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SQLITE_ERROR';

type NodeError = Error & { code: string; port?: number; address?: string; path?: string };

const isNodeError = (thrown: unknown): thrown is NodeError =>
  thrown instanceof Error && 'syscall' in thrown && 'code' in thrown;

function sentenceOfSystemError(error: NodeError): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${error.port} is taken. Stop the program that uses it, or choose another with LISTEN or PORT.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${error.address}. Choose another with HOST.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return error.port === undefined
        ? `${error.path} cannot be written. Give this user the right to, or choose another folder with DATA_DIR.`
        : `Port ${error.port} may not be opened by this user. Choose one above 1023 with LISTEN or PORT.`;
    default:
      return error.message;
  }
}
