import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, string, number, object, Buffer>(scrypt);

/** Werkzeug's default is 1,000,000; a stored hash must not be able to ask for hours. */
const maxIterations = 5_000_000;
/** Werkzeug's default asks for 32 MiB. */
const maxScryptBytes = 128 * 1024 * 1024;

const pbkdf2Form = /^pbkdf2:(sha1|sha256|sha512):(\d{1,9})\$([^$]{1,128})\$([0-9a-f]{40,128})$/;
const scryptForm = /^scrypt:(\d{1,9}):(\d{1,4}):(\d{1,4})\$([^$]{1,128})\$([0-9a-f]{128})$/;
const digestBytes: Record<string, number> = { sha1: 20, sha256: 32, sha512: 64 };

/** Whether a stored hash has the look of one that Werkzeug's `generate_password_hash` made. */
export const isWerkzeugHash = (stored: string): boolean => /^(pbkdf2|scrypt):/.test(stored);

/** Checks a password against Werkzeug's `pbkdf2:…` and `scrypt:…` hashes. False for any that is malformed or too costly. */
export async function verifyWerkzeug(stored: string, password: string): Promise<boolean> {
  const derived = (await deriveLikePbkdf2(stored, password)) ?? (await deriveLikeScrypt(stored, password));
  if (!derived) return false;
  const expected = Buffer.from(stored.slice(stored.lastIndexOf('$') + 1), 'hex');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

async function deriveLikePbkdf2(stored: string, password: string): Promise<Buffer | undefined> {
  const [, digest, iterationsText, salt] = pbkdf2Form.exec(stored) ?? [];
  if (digest === undefined || salt === undefined) return undefined;
  const iterations = Number(iterationsText);
  const bytes = digestBytes[digest];
  if (bytes === undefined || iterations < 1 || iterations > maxIterations) return undefined;
  return derivePbkdf2(password, salt, iterations, bytes, digest);
}

async function deriveLikeScrypt(stored: string, password: string): Promise<Buffer | undefined> {
  const [, cost, blockSize, parallelism, salt] = scryptForm.exec(stored) ?? [];
  if (salt === undefined) return undefined;
  const [N, r, p] = [Number(cost), Number(blockSize), Number(parallelism)];
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  if (!isPowerOfTwo || r < 1 || p < 1 || 128 * N * r * p > maxScryptBytes) return undefined;
  return deriveScrypt(password, salt, 64, { N, r, p, maxmem: 132 * (N + p + 2) * r });
}
