import { webcrypto } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { BoundedMap } from '../core/bounded-map.ts';
import { DomainError } from '../core/errors.ts';
import type { TokenClaims, TokenPurpose, TokenSigner } from '../core/ports.ts';
import type { SessionUuid } from '../core/sessions/session.ts';

const algorithm = 'HS256';
const name = 'parlance';
/** A purpose has its own type, so that no token passes for another (RFC 8725, section 3.11). */
const types: Record<TokenPurpose, string> = { access: 'at+jwt', refresh: 'rt+jwt' };
/** Ours have some 300 characters: what is longer is not worth hashing. */
const maxTokenLength = 4096;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type TokenSignerOptions = { secret: string; clock: () => Date; rememberedTokens?: number };

/**
 * Signs and verifies JWTs with HS256 and nothing else. A signature is computed once: tokens that were verified are remembered (the
 * last `rememberedTokens` used, 10,000), and only their expiry is looked at again.
 */
export function createTokenSigner({
  secret,
  clock,
  rememberedTokens = 10_000,
}: TokenSignerOptions): TokenSigner {
  const key = webcrypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  // A key that cannot be had fails each use, not the process.
  key.catch(() => undefined);
  const verified = new BoundedMap<string, TokenClaims>(rememberedTokens);

  async function verifySignature(token: string, purpose: TokenPurpose): Promise<TokenClaims> {
    try {
      const { payload } = await jwtVerify(token, await key, {
        algorithms: [algorithm],
        typ: types[purpose],
        issuer: name,
        audience: name,
        requiredClaims: ['exp'],
        currentDate: clock(),
      });
      return readClaims(payload, purpose);
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new DomainError('token-expired', { cause: error });
      if (error instanceof errors.JOSEError) throw new DomainError('token-invalid', { cause: error });
      throw error;
    }
  }

  return {
    async sign({ purpose, session, generation, expiresAt }) {
      return new SignJWT({ sid: session, gen: generation })
        .setProtectedHeader({ alg: algorithm, typ: types[purpose] })
        .setIssuer(name)
        .setAudience(name)
        .setIssuedAt(clock())
        .setExpirationTime(expiresAt)
        .sign(await key);
    },

    async verify(token, purpose) {
      if (token.length > maxTokenLength) throw new DomainError('token-invalid');
      const remembered = verified.get(token);
      if (!remembered) {
        const claims = await verifySignature(token, purpose);
        verified.set(token, claims);
        return claims;
      }
      if (remembered.purpose !== purpose) throw new DomainError('token-invalid');
      if (remembered.expiresAt <= clock()) throw new DomainError('token-expired');
      return remembered;
    },
  };
}

/** Nothing of a token is believed for its signature alone: a secret may be shared with another program. */
function readClaims({ sid, gen, exp }: JWTPayload, purpose: TokenPurpose): TokenClaims {
  const isSession = typeof sid === 'string' && uuid.test(sid);
  if (!isSession || !Number.isSafeInteger(gen) || !Number.isSafeInteger(exp))
    throw new DomainError('token-invalid');
  return {
    purpose,
    session: sid as SessionUuid,
    generation: Number(gen),
    expiresAt: new Date(Number(exp) * 1000),
  };
}
