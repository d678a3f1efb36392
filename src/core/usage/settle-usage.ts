import type { Tables } from '../store.ts';
import type { UserId } from '../users/user.ts';
import type { Reservation } from './reserve-usage.ts';
import type { Usage } from './usage.ts';
import { utcDay } from './utc-day.ts';

export type Settle = {
  userId: UserId;
  /** When it was asked for: it counts on that day, and was reserved there. */
  askedAt: Date;
  reserved: Reservation;
  /** Null where it cost nothing: then it does not count, and everything goes back. */
  usage: Usage | null;
  answeredBy: { provider: string | null; model: string | null };
  durationMs: number;
};

/** Adds what an answer cost to its user's sums, and gives back what was held for it, in the transaction that ends it. */
export async function settleUsage(tables: Tables, settle: Settle): Promise<void> {
  const { userId, reserved, usage, answeredBy } = settle;
  const day = utcDay(settle.askedAt);
  const { provider, model } = answeredBy;
  if (usage && provider !== null) {
    const { promptTokens, completionTokens } = usage;
    const durationMs = Math.max(0, settle.durationMs);
    const sum = { day, provider, model: model ?? '', replies: 1, promptTokens, completionTokens, durationMs };
    await tables.usage.add(userId, sum);
  }
  if (reserved === null) return;
  const used = usage ? usage.promptTokens + usage.completionTokens : 0;
  await tables.usage.correct(userId, day, { tokens: used - reserved, replies: usage ? 0 : -1 });
}
