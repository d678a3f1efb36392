/** A day in UTC, as `2026-01-31`. */
export type Day = string & { readonly brand: 'Day' };

const dayMs = 86_400_000;

export const utcDay = (at: Date): Day => at.toISOString().slice(0, '2026-01-31'.length) as Day;

/** The day so many days later, or earlier. */
export const daysAfter = (day: Day, count: number): Day => utcDay(new Date(Date.parse(day) + count * dayMs));

/** When the next day begins. */
export const nextDay = (at: Date): Date => new Date((Math.floor(at.getTime() / dayMs) + 1) * dayMs);

/** Undefined for what is no day, such as 2026-02-30. */
export function parseDay(text: string): Day | undefined {
  const at = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : Number.NaN);
  return !Number.isNaN(at.getTime()) && utcDay(at) === text ? utcDay(at) : undefined;
}
