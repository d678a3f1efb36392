import { isIP } from 'node:net';
import { tlsOptions, type TlsMode, type TlsOptions } from '../tls/tls-options.ts';

/**
 * How to be sure of a Redis behind `rediss:`: its certificate and name are checked, unless `?sslmode=` says otherwise; `&sslrootcert=`
 * names whom to trust. Undefined for `redis:`. @throws TlsFileError
 */
export function redisTls(url: URL): (TlsOptions & { servername?: string }) | undefined {
  if (url.protocol !== 'rediss:') return undefined;
  const options = tlsOptions(modeOf(url.searchParams), url.searchParams.get('sslrootcert'));
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // Servers that many share look at the name before they choose a certificate; the driver does not send it by itself.
  return options && (host === '' || isIP(host) ? options : { ...options, servername: host });
}

/** Whoever names an authority wants it to be asked, as with databases. */
function modeOf(query: URLSearchParams): TlsMode {
  const mode = query.get('sslmode');
  if (mode === 'verify-ca' || (mode === 'require' && query.has('sslrootcert'))) return 'verify-ca';
  return mode === 'require' ? mode : 'verify-full';
}
