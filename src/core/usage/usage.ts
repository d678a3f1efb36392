import type { NodeId } from '../replies/reply.ts';
import type { UserId } from '../users/user.ts';
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

/** What a process has taken of a user's day for one answer. */
export type HeldUsage = { uuid: string; nodeId: NodeId; userId: UserId; day: Day; tokens: number };

/** Of one user on one day; null for as much as there is. */
export type DailyLimits = { [Kind in keyof Taken]: number | null };
