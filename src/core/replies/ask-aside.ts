import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Prompt, Provider } from '../provider.ts';
import { toUnicode } from '../unicode-text.ts';
import { AnswerMeter } from '../usage/answer-meter.ts';
import { AnswerRoom } from '../usage/answer-room.ts';
import { hasDailyLimits, type Reservation, reserveUsage, withinReservation } from '../usage/reserve-usage.ts';
import { type Settle, settleUsage } from '../usage/settle-usage.ts';
import type { UserId } from '../users/user.ts';

export type AskAside = {
  /** Whose day it counts on. */
  userId: UserId;
  provider: Provider;
  question: Omit<Prompt, 'userId' | 'chatId'>;
  signal: AbortSignal;
};

/**
 * Asks an AI beside any chat and stores nothing but what it cost.
 * @throws DomainError `daily-limit-reached`, `ai-*`; an AbortError when the signal aborts
 */
export async function askAside(
  deps: CoreDependencies,
  { userId, provider, question: asked, signal }: AskAside,
): Promise<string> {
  const { clock } = deps;
  const askedAt = clock();
  const question = { ...asked, userId: String(userId), chatId: '0' };
  const reserved = await reserve(deps, userId, { askedAt, question });
  const meter = new AnswerMeter(clock);
  const said: string[] = [];
  let failed = true;
  try {
    await listen(deps, { provider, question, reserved, askedAt, meter, said, signal });
    failed = false;
  } finally {
    const usage = meter.usage({ said: said.join(''), failed: failed && !signal.aborted });
    const durationMs = clock().getTime() - askedAt.getTime();
    const answeredBy = meter.answeredBy ?? { provider: null, model: null };
    await settle(deps, { userId, askedAt, reserved, usage, answeredBy, durationMs });
  }
  return toUnicode(said.join(''));
}

type Listen = {
  provider: Provider;
  question: Prompt;
  reserved: Reservation;
  askedAt: Date;
  meter: AnswerMeter;
  said: string[];
  signal: AbortSignal;
};

async function listen(deps: CoreDependencies, listening: Listen): Promise<void> {
  const { provider, question, reserved, askedAt, meter, said, signal } = listening;
  const prompt = withinReservation(deps, question, { reserved, at: askedAt });
  const room = new AnswerRoom(reserved ? prompt.maxOutputTokens : undefined);
  meter.ask(provider, prompt);
  let length = 0;
  let finished = false;
  for await (const event of provider.stream(prompt, signal)) {
    meter.note(event);
    if (event.type === 'finish') finished = true;
    if (event.type !== 'text-delta') continue;
    const fitting = room.take(event.text);
    length += fitting.length;
    if (length > deps.limits.replyLength) throw new DomainError('ai-answer-unreadable');
    said.push(fitting);
    if (fitting.length === event.text.length) continue;
    finished = true;
    break;
  }
  signal.throwIfAborted();
  if (!finished) throw new DomainError('ai-broke-off');
  if (length === 0) throw new DomainError('ai-answer-empty');
}

async function reserve(
  deps: CoreDependencies,
  userId: UserId,
  { askedAt, question }: { askedAt: Date; question: Prompt },
): Promise<Reservation> {
  if (!hasDailyLimits(deps)) return null;
  return deps.store.transaction(async (tables) => {
    await tables.feed.lock(userId);
    return reserveUsage(deps, tables, { userId, at: askedAt, prompt: async () => question });
  });
}

/** The answer is there whether or not this can be stored; what is held then stays held for the day. */
async function settle({ store, log }: CoreDependencies, settled: Settle): Promise<void> {
  try {
    await store.transaction(async (tables) => {
      await tables.feed.lock(settled.userId);
      await settleUsage(tables, settled);
    });
  } catch (thrown) {
    const error = DomainError.from(thrown);
    log.warn({ code: error.code, err: error.cause }, 'what an answer cost could not be stored');
  }
}
