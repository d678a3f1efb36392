import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Prompt } from '../provider.ts';
import type { Tables } from '../store.ts';
import type { UserId } from '../users/user.ts';
import { estimatePrompt } from './estimate-tokens.ts';
import type { DailyLimits } from './usage.ts';
import { nextDay, utcDay } from './utc-day.ts';

type Deps = Pick<CoreDependencies, 'limits' | 'prompt'>;

/** Tokens held for an answer; null where nobody's days are limited, 0 where only the number of answers is. */
export type Reservation = number | null;

/** The longest answer, in tokens, where neither the chat nor a setting says so. */
const longestByDefault = 4_096;
/** An answer is opened as long as there is room for so many tokens of it. */
const leastAnswer = 256;

const limitsOf = ({ limits }: Deps): DailyLimits => ({
  tokens: limits.tokensPerDay,
  replies: limits.repliesPerDay,
});

export const hasDailyLimits = ({ limits }: Pick<Deps, 'limits'>): boolean =>
  limits.tokensPerDay !== null || limits.repliesPerDay !== null;

/** What may be asked for, at the least: enough to look before anything is written. @throws DomainError `daily-limit-reached` */
export async function requireAllowance(
  deps: Deps,
  tables: Tables,
  { userId, at }: { userId: UserId; at: Date },
): Promise<void> {
  if (!hasDailyLimits(deps)) return;
  const { tokens, replies } = await tables.usage.taken(userId, utcDay(at));
  const limits = limitsOf(deps);
  if (tokens >= (limits.tokens ?? Infinity) || replies >= (limits.replies ?? Infinity)) throw reached(at);
}

type Reserve = {
  userId: UserId;
  at: Date;
  prompt: () => Promise<Prompt>;
  /** The most that the words of its files may add to it. */
  wordsOf?: (prompt: Prompt) => Promise<number>;
  /** How many answers are written before it, and will stand in its prompt. */
  behind?: number;
};

/**
 * Takes what an answer may cost of its user's day, in the caller's transaction, which holds the lock of the user's feed: the prompt by
 * estimate, the most words that its files can have, and the longest answer, or what is left. What it did not cost goes back when it ends. @throws DomainError `daily-limit-reached`
 */
export async function reserveUsage(
  deps: Deps,
  tables: Tables,
  { userId, at, prompt, wordsOf, behind = 0 }: Reserve,
): Promise<Reservation> {
  if (!hasDailyLimits(deps)) return null;
  const limits = limitsOf(deps);
  const day = utcDay(at);
  let tokens = 0;
  if (limits.tokens !== null) {
    const asked = await prompt();
    const longest = longestAnswer(deps, asked);
    const before = estimatePrompt(asked) + Math.min(behind * longest, deps.prompt.historyTokens);
    const left = limits.tokens - (await tables.usage.taken(userId, day)).tokens;
    if (left < before + Math.min(longest, leastAnswer)) throw reached(at);
    // How many words there are is known when they are read: what they leave no room for is not asked then.
    const words = (await wordsOf?.(asked)) ?? 0;
    tokens = Math.min(left, before + words + longest);
  }
  if (await tables.usage.take(userId, day, { amount: { tokens, replies: 1 }, limits })) return tokens;
  throw reached(at);
}

/**
 * The prompt with the longest answer that its reservation has room for. The prompt may have grown since: where it leaves no room,
 * nothing is asked. @throws DomainError `daily-limit-reached`
 */
export function withinReservation(
  deps: Deps,
  prompt: Prompt,
  { reserved, at }: { reserved: Reservation; at: Date },
): Prompt {
  if (reserved === null || reserved === 0) return prompt;
  const room = reserved - estimatePrompt(prompt);
  if (room < 1) throw reached(at);
  return { ...prompt, maxOutputTokens: Math.min(room, longestAnswer(deps, prompt)) };
}

const longestAnswer = (deps: Deps, { maxOutputTokens }: Prompt): number =>
  maxOutputTokens ?? deps.prompt.maxOutputTokens ?? longestByDefault;

const reached = (at: Date) =>
  new DomainError('daily-limit-reached', {
    retryAfterSeconds: Math.ceil((nextDay(at).getTime() - at.getTime()) / 1_000),
  });
