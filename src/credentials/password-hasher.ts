import { availableParallelism } from 'node:os';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../core/ports.ts';
import { isBcryptHash, verifyBcrypt } from './bcrypt-hash.ts';
import { isWerkzeugHash, verifyWerkzeug } from './werkzeug-hash.ts';
import { createWorkQueue } from './work-queue.ts';
import type { WorkQueueLimits } from './work-queue.ts';

/** What one hash costs: KiB of memory, and passes over it. */
export type HashCost = { memoryCost: number; timeCost: number; parallelism: number };

/** 46 MiB and one pass: one of the equally strong settings that OWASP lists for argon2id, the variant that RFC 9106 recommends. */
const recommendedCost: HashCost = { memoryCost: 47_104, timeCost: 1, parallelism: 1 };
const formOf = ({ memoryCost, timeCost, parallelism }: HashCost): string =>
  `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`;
export const currentForm = formOf(recommendedCost);
/**
 * One core stays free for everybody's tokens, and one of libuv's four threads for everybody's files. The queue is worth about a
 * second of waiting.
 */
const defaultLimits: WorkQueueLimits = {
  concurrency: Math.min(3, Math.max(1, availableParallelism() - 1)),
  maxQueue: 64,
  maxPerHolder: 2,
};
/** What a stored hash may ask for: 256 MiB, ten passes. */
const maxMemoryCost = 262_144;
const maxTimeCost = 10;

/** The hash of no password, without its form: a salt and an output that were drawn at random. */
const nothing = `E0SQcRSEE668UihiAwqfNQ$pUvwpxS7LsgEBUMuT2M9fea6ns90oDTMn4r2Rgw1+ew`;

/**
 * Makes and checks stored passwords: argon2id, and for imported users what Werkzeug and bcrypt made, which is reported as due for
 * a rehash. The work runs off the event loop, a few at a time; a full queue throws `server-busy`, and so does
 * one with enough in it for the same user. A stored hash that cannot be read verifies as wrong.
 */
export function createPasswordHasher(
  limits: WorkQueueLimits = defaultLimits,
  cost: HashCost = recommendedCost,
): PasswordHasher {
  const queued = createWorkQueue(limits);
  const form = formOf(cost);

  return {
    hash: (password, user) => queued(() => hash(composed(password), cost), user?.toString()),

    verify: (stored, password, user) =>
      queued(async () => {
        if (isWerkzeugHash(stored)) return { ok: await verifyWerkzeug(stored, password), rehash: true };
        if (isBcryptHash(stored)) return { ok: await verifyBcrypt(stored, password), rehash: true };
        const ok = await verifyArgon2(stored, composed(password));
        return { ok, rehash: !stored.startsWith(form) };
      }, user?.toString()),

    verifyNothing: async (password) => {
      await queued(() => verifyArgon2(form + nothing, composed(password)));
    },
  };
}

/** A keyboard may send é as one character or as two: both are the same password (RFC 8265, section 4.2). */
const composed = (password: string): string => password.normalize('NFC');

async function verifyArgon2(stored: string, password: string): Promise<boolean> {
  if (!isAffordable(stored)) return false;
  return verify(stored, password);
}

function isAffordable(stored: string): boolean {
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return memoryCost <= maxMemoryCost && timeCost <= maxTimeCost && parallelism <= 16;
  } catch {
    // Not a hash that argon2 can read, so no password fits it.
    return false;
  }
}
