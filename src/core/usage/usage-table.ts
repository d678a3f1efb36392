import type { UserId } from '../users/user.ts';
import type { DailyLimits, HeldUsage, Taken, UsageSum } from './usage.ts';
import type { Day } from './utc-day.ts';

/** What users asked of the AIs, and what they may still ask for. Who writes here holds the lock of the user's feed. */
export interface UsageTable {
  /** Adds to the sums of a user, a day and a model. */
  add(userId: UserId, sum: UsageSum): Promise<void>;
  /** Of each day and model, in their order, from the first day to the last. */
  list(userId: UserId, days: { from: Day; to: Day }): Promise<UsageSum[]>;
  /** What is taken of a user's day. */
  taken(userId: UserId, day: Day): Promise<Taken>;
  /** Takes so much of a user's day; false, and nothing is taken, where that is beyond the limits. */
  take(userId: UserId, day: Day, input: { amount: Taken; limits: DailyLimits }): Promise<boolean>;
  /** Adds to what was taken, or takes off it; never below nothing. */
  correct(userId: UserId, day: Day, change: Taken): Promise<void>;
  /** Remembers what a process has taken for a question, so that it comes back when that dies. */
  hold(held: HeldUsage): Promise<void>;
  /** Forgets it; false where it is not there, because somebody was before. */
  release(uuid: HeldUsage['uuid']): Promise<boolean>;
  /** What processes hold that are not among the living. */
  orphans(limit: number): Promise<HeldUsage[]>;
  /** Forgets what was taken of the days before one. */
  purge(before: Day, limit: number): Promise<number>;
}
