import { createHash } from 'node:crypto';
import { callerKey } from '../caller-key.ts';
import { DomainError } from '../errors.ts';
import type { Rate } from '../limits.ts';
import type { Counters } from '../ports.ts';
import type { UserId } from './user.ts';

/** A try of a password that was counted as wrong from its start: a caller who breaks off has used it up. */
export type Attempt = {
  /** It was right: what this caller got wrong before is forgiven, and the caller is known from now on. */
  succeeded(): Promise<void>;
  /** Nothing was found out about the password. */
  takeBack(): Promise<void>;
};

/** See `docs/decisions/0010-guessing-is-bounded-per-name-and-caller.md`. */
export interface GuessLimits {
  /** Lets a caller try a password for a name, whether or not anybody (`owner`) has it. @throws DomainError `too-many-requests` */
  attempt(name: string, from: string, owner?: UserId): Promise<Attempt>;
  /** Remembers a caller as somebody who has had the password of this name's owner. Whoever has the name later is another. */
  know(name: string, from: string, owner: UserId): Promise<void>;
  /**
   * Lets a user have the hash of a new password made, a few times a minute: it costs what a sign-in does. One that fails does not count.
   * @throws DomainError `too-many-requests`; whatever `make` throws
   */
  change(user: UserId, make: () => Promise<string>): Promise<string>;
  /** Counts a new name or email of a user: the answer tells whether somebody has it. @throws DomainError `too-many-requests` */
  rename(user: UserId): Promise<void>;
}

/** Counters hold no names, and keys that are equally long. */
const digest = (name: string) => createHash('sha256').update(name).digest('base64url').slice(0, 22);

const dayMs = 86_400_000;
const knownMs = 90 * dayMs;
const longestWaitMs = 900_000;
/** For every way to change a password, and whatever the settings are. */
const changes = { most: 5, windowMs: 60_000 };
const renames = { most: 20, windowMs: 3_600_000 };

/**
 * Bounds how often a name's password can be guessed, without letting strangers lock its owner out: callers who have signed in before
 * draw on an allowance of their own. Each caller has a tenth of the whole, then waits twice as long after each further try.
 */
export function createGuessLimits(counters: Counters, { most, windowMs }: Rate): GuessLimits {
  // An account has up to two names, a username and an email, and each counts by itself: nobody learns which belong together.
  const perName = Math.max(2, Math.floor(most / 2));
  const ofKnown = Math.max(1, Math.floor(perName * 0.4));
  const ofStrangers = perName - ofKnown;
  const free = Math.max(1, Math.floor(most / 10));

  const knownKey = (name: string, from: string, owner: UserId | 'nobody') => `known:${from} ${name} ${owner}`;
  const count = (key: string, amount: number) => counters.add(key, { windowMs, amount });

  return {
    async attempt(login, address, owner: UserId | 'nobody' = 'nobody') {
      const name = digest(login);
      const from = callerKey(address);
      // Read for a name that nobody has, too: where it is asked of another process, its time would tell.
      const known = (await counters.read(knownKey(name, from, owner))) > 0;
      const own = `guess-caller:${from} ${name}`;
      const shared = known ? `guess-known:${name} ${owner}` : `guess-stranger:${name}`;
      const takeBack = async () => {
        await count(own, -1);
        await count(shared, -1);
      };

      const tries = await count(own, 1);
      const all = await count(shared, 1);
      const waitMs = all.count > (known ? ofKnown : ofStrangers) ? all.endsInMs : await mustWait(tries.count);
      if (waitMs > 0) {
        await takeBack();
        throw new DomainError('too-many-requests', { retryAfterSeconds: waitMs / 1_000 });
      }
      return {
        takeBack,
        async succeeded() {
          const wrong = await counters.read(own);
          await counters.forget(own);
          await counters.forget(`wait:${from} ${name}`);
          await count(shared, -wrong);
        },
      };

      /** Of those who come at once when the wait is over, one is let through. */
      async function mustWait(tried: number): Promise<number> {
        if (tried < free) return 0;
        const delayMs = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(20, tried - free));
        const gate = await counters.add(`wait:${from} ${name}`, { windowMs: delayMs });
        return gate.count > 1 ? gate.endsInMs : 0;
      }
    },
    async know(login, address, owner) {
      const key = knownKey(digest(login), callerKey(address), owner);
      await counters.forget(key);
      await counters.add(key, { windowMs: knownMs });
    },
    async change(user, make) {
      const { most, windowMs } = changes;
      const key = `password-change:${user}`;
      const { count: taken, endsInMs } = await counters.add(key, { windowMs });
      try {
        if (taken > most) throw new DomainError('too-many-requests', { retryAfterSeconds: endsInMs / 1_000 });
        return await make();
      } catch (thrown) {
        await counters.add(key, { windowMs, amount: -1 });
        throw thrown;
      }
    },
    async rename(user) {
      const { most, windowMs } = renames;
      const { count: taken, endsInMs } = await counters.add(`rename:${user}`, { windowMs });
      if (taken > most) throw new DomainError('too-many-requests', { retryAfterSeconds: endsInMs / 1_000 });
    },
  };
}

/** For whoever runs without limits. */
export const noGuessLimits: GuessLimits = {
  attempt: async () => ({
    succeeded: async () => {
      // Nothing was counted.
    },
    takeBack: async () => {
      // Nothing was counted.
    },
  }),
  know: async () => {
    // Everybody may try.
  },
  change: (_user, make) => make(),
  rename: async () => {
    // Names are free.
  },
};
