import { readFileSync } from 'node:fs';

/** `require` encrypts, and asks nobody who it is that answers; `verify-ca` checks the certificate, `verify-full` its name as well. */
export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** What `tls.connect` is told of whom to trust. */
export type TlsOptions = {
  rejectUnauthorized: boolean;
  /** The authorities, instead of those that the system trusts. */
  ca?: string;
  checkServerIdentity?: () => undefined;
};

/** One line for the operator: a file of certificates that is of no use. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** The file is read at once, so that a wrong one stops the start. Undefined for `disable`. @throws TlsFileError */
export function tlsOptions(mode: TlsMode, caFile: string | null): TlsOptions | undefined {
  if (mode === 'disable') return undefined;
  if (mode === 'require') return { rejectUnauthorized: false };
  const ca = caFile === null ? {} : { ca: readCa(caFile) };
  if (mode === 'verify-full') return { rejectUnauthorized: true, ...ca };
  return { rejectUnauthorized: true, ...ca, checkServerIdentity: () => undefined };
}

function readCa(file: string): string {
  const content = read(file);
  // Nobody complains of such a file later: it would trust no one, and each server would look like a stranger.
  if (!content.includes('-----BEGIN CERTIFICATE-----'))
    throw new TlsFileError(`The file of whom to trust for TLS, ${file}, holds no certificate in PEM form`);
  return content;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new TlsFileError(`The file of whom to trust for TLS, ${file}, cannot be read${code}`, { cause });
  }
}
