import { MustBe, type Parser } from './parser.ts';

/**
 * `redis://host:port/0`, or `rediss:` with TLS, of which `?sslmode=` and `sslrootcert=` may say more; user and password may stand in it.
 * The scheme comes out in small letters.
 */
export const redisUrl: Parser<string> = (text) => {
  const url = /^rediss?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return new MustBe('an address such as redis://127.0.0.1:6379');
  const asked = [...url.searchParams].filter(([name]) => /^(?:ssl|tls)/i.test(name));
  if (asked.length === 0) return url.href;
  if (url.protocol === 'redis:')
    return new MustBe('an address that begins with rediss: where it is about TLS');
  const isKnown = ([name, value]: [string, string]) =>
    name === 'sslrootcert' || (name === 'sslmode' && /^(?:require|verify-ca|verify-full)$/.test(value));
  return asked.every(isKnown)
    ? url.href
    : new MustBe('an address whose sslmode is require, verify-ca or verify-full, with sslrootcert at most');
};
