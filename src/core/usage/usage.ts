import type { Day } from './utc-day.ts';

/** What one answer took of an AI, in tokens; `estimated` where the AI did not count. */
export type Usage = { promptTokens: number; completionTokens: number; estimated: boolean };

/** What a user asked of one model on one day. */
export type UsageSum = {
  day: Day;
  provider: string;
  model: string;
  replies: number;
  promptTokens: number;
  completionTokens: number;
  durationMs: number;
};

/** What a day's limits are measured by: what was used, and what is held for answers under way. */
export type Taken = { tokens: number; replies: number };

/** Of one user on one day; null for as much as there is. */
export type DailyLimits = { [Kind in keyof Taken]: number | null };
