import { createHash, randomBytes } from 'node:crypto';

const secretForm = /^[\w-]{43}$/;

/** 32 random bytes, for a cookie. */
export const newCookieSecret = (): string => randomBytes(32).toString('base64url');

/**
 * How a secret is stored and found. A plain SHA-256: what is random cannot be guessed from its hash, however fast. Undefined for a
 * text that is no secret of ours.
 */
export const hashCookieSecret = (secret: string): string | undefined =>
  secretForm.test(secret) ? createHash('sha256').update(secret).digest('hex') : undefined;
