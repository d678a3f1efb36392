import { callerKey } from '../core/caller-key.ts';
import { DomainError } from '../core/errors.ts';
import type { Rate } from '../core/limits.ts';
import type { Counters } from '../core/ports.ts';
import type { UserId } from '../core/users/user.ts';
import { isPrivateAddress } from './private-address.ts';

/** What is limited; a route says which one it is by `config.limit`, and whatever else changes something counts as `write`. */
export type LimitName = 'sign-in' | 'register' | 'send' | 'write';

export type RateLimitSettings = Record<LimitName, Rate> & {
  /** How many times more this machine and private networks may. */
  localFactor: number;
};

export type Caller = { address: string; userId: UserId | null };

/** How a caller stands with the limit that is nearest to its end. */
export type Standing = {
  name: LimitName;
  most: number;
  windowMs: number;
  remaining: number;
  resetMs: number;
};

export interface RateLimits {
  /** Counts one more; null where nothing is limited. What is over the limit has `remaining` below 0 and must be refused. */
  count(name: LimitName, caller: Caller): Promise<Standing | null>;
  /** The same for what is no HTTP request. @throws DomainError `too-many-requests` */
  take(name: LimitName, caller: Caller): Promise<void>;
}

/** Many accounts may sit behind one address. */
const accountsPerAddress = 10;

/** Counts by address, and where somebody is signed in by account; the account's rate is the limit's, and an address has ten times that. */
export function createRateLimits(counters: Counters, settings: RateLimitSettings): RateLimits {
  const count = async (name: LimitName, { address, userId }: Caller): Promise<Standing> => {
    const { most, windowMs } = settings[name];
    const factor = isPrivateAddress(address) ? settings.localFactor : 1;
    const take = async (key: string, limit: number): Promise<Standing> => {
      const { count: taken, endsInMs } = await counters.add(key, { windowMs });
      return { name, most: limit, windowMs, remaining: limit - taken, resetMs: endsInMs };
    };
    const shared = userId === null ? 1 : accountsPerAddress;
    const ofAddress = await take(`${name}-address:${callerKey(address)}`, most * factor * shared);
    if (userId === null) return ofAddress;
    const ofAccount = await take(`${name}-account:${userId}`, most * factor);
    return ofAddress.remaining < ofAccount.remaining ? ofAddress : ofAccount;
  };
  return {
    count,
    async take(name, caller) {
      const standing = await count(name, caller);
      if (standing.remaining < 0) throw overLimit(standing);
    },
  };
}

/** The refusal of what is over a limit, with the time until the limit begins anew. */
export const overLimit = ({ resetMs }: Standing): DomainError =>
  new DomainError('too-many-requests', { retryAfterSeconds: resetMs / 1_000 });

/** For whoever runs without limits. */
export const noRateLimits: RateLimits = {
  count: async () => null,
  take: async () => {
    // Everything may pass.
  },
};
