import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { DailyLimits, Taken, UsageSum } from './usage.ts';
import { type Day, daysAfter, nextDay, parseDay, utcDay } from './utc-day.ts';

/** So many days can be asked for at once. */
export const mostDays = 366;
export const daysByDefault = 30;

/** The first and the last day, as `2026-01-31`; without them the last thirty, or those up to the last. */
export type ReadUsage = { from?: string; to?: string };

export type UsageReport = {
  from: Day;
  to: Day;
  /** By day, provider and model. */
  sums: UsageSum[];
  today: {
    limits: DailyLimits;
    /** Null where nothing limits it. */
    left: DailyLimits;
    /** When the limits are whole again. */
    resetsAt: Date;
  };
};

/** What the actor asked of the AIs from one day to another, and what may be asked for today. @throws DomainError `field-invalid` */
export async function readUsage(
  { store, clock, limits }: CoreDependencies,
  { userId }: Actor,
  input: ReadUsage,
): Promise<UsageReport> {
  const at = clock();
  const { from, to } = readDays(input, utcDay(at));
  const of: DailyLimits = { tokens: limits.tokensPerDay, replies: limits.repliesPerDay };
  const taken = await store.usage.taken(userId, utcDay(at));
  const left = (kind: keyof Taken) => {
    const limit = of[kind];
    return limit === null ? null : Math.max(0, limit - taken[kind]);
  };
  return {
    from,
    to,
    sums: await store.usage.list(userId, { from, to }),
    today: { limits: of, left: { tokens: left('tokens'), replies: left('replies') }, resetsAt: nextDay(at) },
  };
}

function readDays({ from, to }: ReadUsage, today: Day): { from: Day; to: Day } {
  const last = readDay('to', to) ?? today;
  const first = readDay('from', from) ?? daysAfter(last, 1 - daysByDefault);
  if (first > last) throw invalid('from', 'must not be after to');
  if (first < daysAfter(last, 1 - mostDays)) throw invalid('from', `must be within ${mostDays} days of to`);
  return { from: first, to: last };
}

function readDay(field: string, text: string | undefined): Day | undefined {
  if (text === undefined) return undefined;
  const day = parseDay(text);
  if (day === undefined) throw invalid(field, 'must be a day such as 2026-01-31');
  return day;
}

const invalid = (field: string, problem: string) =>
  new DomainError('field-invalid', { details: [{ field, problem }] });
