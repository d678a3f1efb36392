import { readFileSync } from 'node:fs';
import type { ProviderSettings } from '../define-provider.ts';

/** Who may vouch for the backend: nobody has to on a plain connection, else the system's authorities or those of the file. */
export type Authority = { tls: false } | { tls: true; certificates: Buffer | null };

/** Reads the file of certificates, so that a wrong one stops the start and not the first question. @throws CertificateFileError */
export const readAuthority = ({ tls, caFile }: ProviderSettings['grpc']): Authority => {
  if (!tls) return { tls };
  return { tls, certificates: caFile === '' ? null : readCertificates(caFile) };
};

/** One line for the operator. */
class CertificateFileError extends Error {
  override readonly name = 'CertificateFileError';
}

const readCertificates = (file: string): Buffer => {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'for an unknown reason';
    throw new CertificateFileError(`GRPC_AI_BACKEND_CA_FILE: ${file} cannot be read (${code}).`, { cause });
  }
  if (!content.includes('-----BEGIN CERTIFICATE-----'))
    throw new CertificateFileError(`GRPC_AI_BACKEND_CA_FILE: ${file} holds no certificate in PEM form.`);
  return content;
};
