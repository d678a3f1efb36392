import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Prompt, Provider } from '../provider.ts';
import { toUnicode } from '../unicode-text.ts';
import { AnswerMeter } from '../usage/answer-meter.ts';
import { AnswerRoom } from '../usage/answer-room.ts';
import { type Held, holdUsage, settleHeld } from '../usage/hold-usage.ts';
import { hasDailyLimits, type Reservation, reserveUsage, withinReservation } from '../usage/reserve-usage.ts';
import type { UserId } from '../users/user.ts';
import type { ReplyWriters } from './reply-writers.ts';
import type { NodeId } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

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
export async function askAside(deps: Deps, input: AskAside): Promise<string> {
  // Who holds nothing need not be among the living: it costs a look at the database.
  return hasDailyLimits(deps) ? deps.writers.beAlive((nodeId) => ask(deps, input, nodeId)) : ask(deps, input);
}

async function ask(
  deps: Deps,
  { userId, provider, question: asked, signal }: AskAside,
  nodeId?: NodeId,
): Promise<string> {
  const { clock } = deps;
  const askedAt = clock();
  const question = { ...asked, userId: String(userId), chatId: '0' };
  const held = nodeId === undefined ? null : await reserve(deps, { userId, nodeId, askedAt, question });
  const reserved = held && held.tokens;
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
    await settle(deps, { userId, askedAt, held, usage, answeredBy, durationMs });
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

async function listen(deps: Deps, listening: Listen): Promise<void> {
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

type Reserve = { userId: UserId; nodeId: NodeId; askedAt: Date; question: Prompt };

async function reserve(deps: Deps, { userId, nodeId, askedAt: at, question }: Reserve): Promise<Held> {
  return deps.store.transaction(async (tables) => {
    await tables.feed.lock(userId);
    const reserved = await reserveUsage(deps, tables, { userId, at, prompt: async () => question });
    return holdUsage(tables, { reserved, at, nodeId, userId });
  });
}

/** The answer is there whether or not this can be stored; what is held then stays held until this process ends. */
async function settle({ store, log }: Deps, settled: Parameters<typeof settleHeld>[1]): Promise<void> {
  try {
    await store.transaction(async (tables) => {
      await tables.feed.lock(settled.userId);
      await settleHeld(tables, settled);
    });
  } catch (thrown) {
    const error = DomainError.from(thrown);
    log.warn({ code: error.code, err: error.cause }, 'what an answer cost could not be stored');
  }
}
