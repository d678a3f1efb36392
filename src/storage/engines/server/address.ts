import {
  TlsFileError,
  tlsModes,
  tlsOptions,
  type TlsMode,
  type TlsOptions,
} from '../../../tls/tls-options.ts';
import { StorageError } from '../engine.ts';

/** Where a database server is, and who asks. */
export type ServerAddress = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** The path of a Unix socket, instead of host and port. */
  socket: string | undefined;
  tls: TlsOptions | undefined;
  /** How it is named in sentences: without password and options. */
  shown: string;
};

/**
 * Reads an address as `config/database-url.ts` writes it: `postgres://user:password@host:5432/name?tls=verify-full&ca=/ca.pem`, or
 * `?socket=` with a path. @throws StorageError
 */
export const serverAddress = (text: string, standard: { port: number; user: string }): ServerAddress => {
  const url = parsed(text);
  const user = decodeURIComponent(url.username) || standard.user;
  const database = decodeURIComponent(url.pathname.slice(1));
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const port = url.port === '' ? standard.port : Number(url.port);
  const socket = url.searchParams.get('socket') ?? undefined;
  const mode = tlsModes.find((known) => known === (url.searchParams.get('tls') ?? 'disable'));
  if (mode === undefined || database === '')
    throw new StorageError(
      'The address of the database has no name of a database, or an unknown kind of TLS',
    );
  return {
    host,
    port,
    user,
    password: decodeURIComponent(url.password),
    database,
    socket,
    tls: tlsOf(mode, url.searchParams.get('ca')),
    shown: `${url.protocol}//${encodeURIComponent(user)}@${socket ?? url.host}/${database}`,
  };
};

const parsed = (text: string): URL => {
  try {
    return new URL(text);
  } catch {
    // Not quoted: it may hold a password.
    throw new StorageError('The address of the database is not a URL');
  }
};

const tlsOf = (mode: TlsMode, caFile: string | null): TlsOptions | undefined => {
  try {
    return tlsOptions(mode, caFile);
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    throw new StorageError(error.message, { cause: error });
  }
};
