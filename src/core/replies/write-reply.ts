import type { Chat } from '../chats/chat.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError, type ErrorCode } from '../errors.ts';
import { chosenModel } from '../models.ts';
import { AnswerMeter } from '../usage/answer-meter.ts';
import { AnswerRoom } from '../usage/answer-room.ts';
import { withinReservation } from '../usage/reserve-usage.ts';
import { firstUnits, isHighSurrogate, toUnicode } from '../unicode-text.ts';
import { commitClaims } from './commit-claims.ts';
import { buildPrompt } from './build-prompt.ts';
import { showFiles } from './show-files.ts';
import { type EndedReply, endReply } from './end-reply.ts';
import { roomForFiles } from './history-budget.ts';
import { endOfGone, type LiveReply } from './live-reply.ts';
import { LeaseLost } from './node-lease.ts';
import type { ReplyWriters, StopReason } from './reply-writers.ts';
import type { ReplyOutcome } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
type Ending = { outcome: ReplyOutcome; errorCode: ErrorCode | null };

/** Why a provider is stopped; without a reason each stop would make an error with a stack trace. */
const noMore = 'no more is wanted';
/** Above this much unsaved text the provider has to wait. */
const backlogLimit = 64 * 1024;
const endRetryDelayMs = 200;

/**
 * Takes a claimed reply from its provider into the log and ends it: exactly once, whatever happens. Never rejects.
 * A provider's stream that stops without its finish is `failed`, never `complete`.
 */
export async function writeReply(
  deps: Deps,
  live: LiveReply,
  { signal, chat: known }: { signal: AbortSignal; chat?: Chat | undefined },
): Promise<void> {
  const { log, store } = deps;
  const source = new AbortController();
  // The provider is stopped by whoever stops the reply, and by the log when its text can no longer be stored.
  const stopSource = () => source.abort(noMore);
  signal.addEventListener('abort', stopSource, { once: true });
  let lost: unknown;
  const meter = new AnswerMeter(deps.clock);
  const begun = live.length;

  const take = (text: string) => {
    deps.writers.log.write(live, text, (error) => {
      lost = error;
      source.abort(noMore);
    });
  };

  const readProvider = async (): Promise<Ending> => {
    // What a discarded or stopping process may not start, it does not ask for.
    if (signal.aborted) return endingOf(signal, undefined);
    let carried = '';
    let finished = false;
    // Counted here: text that is in a commit just now is neither shown nor waiting.
    let said = live.length;
    const { reply } = live;
    const chat = known ?? (await store.chats.find(reply.userId, reply.chatId));
    const { provider } = chosenModel(deps.models, chat);
    const wanted = await buildPrompt(deps, { reply, chat, provider, continues: live.textFrom(0) });
    const shown = await showFiles(deps, {
      prompt: wanted,
      userId: reply.userId,
      provider,
      tokens: roomForFiles(deps.prompt, wanted),
      signal: source.signal,
    });
    const prompt = withinReservation(deps, shown, { reserved: reply.reservedTokens, at: deps.clock() });
    if (signal.aborted) return endingOf(signal, undefined);
    const room = new AnswerRoom(reply.reservedTokens ? prompt.maxOutputTokens : undefined);
    meter.ask(provider, prompt);
    for await (const event of provider.stream(prompt, source.signal)) {
      meter.note(event);
      if (event.type === 'waiting') live.wait(event.position);
      if (event.type === 'finish') finished = true;
      if (event.type !== 'text-delta') continue;
      // Half of a surrogate pair at the end waits for its other half in the next delta.
      const joined = carried + event.text;
      carried = endsInHalfPair(joined) ? joined.slice(-1) : '';
      const text = toUnicode(carried === '' ? joined : joined.slice(0, -1));
      const fitting = firstUnits(room.take(text), deps.limits.replyLength - said);
      if (fitting !== '') take(fitting);
      said += fitting.length;
      if (fitting.length < text.length) {
        source.abort(noMore);
        return { outcome: 'stopped', errorCode: null };
      }
      while (deps.writers.log.backlog(live) > backlogLimit && !source.signal.aborted) {
        await live.changed(source.signal);
      }
    }
    if (signal.aborted) return endingOf(signal, undefined);
    if (carried !== '') take(toUnicode(carried));
    if (!finished) return { outcome: 'failed', errorCode: 'ai-broke-off' };
    return said === 0 && carried === ''
      ? { outcome: 'failed', errorCode: 'ai-answer-empty' }
      : { outcome: 'complete', errorCode: null };
  };

  let ending: Ending;
  try {
    ending = await readProvider();
  } catch (thrown) {
    ending = endingOf(signal, thrown);
    const error = DomainError.from(thrown);
    if (ending.outcome === 'failed') log.warn({ code: error.code, err: error.cause }, 'a reply failed');
  } finally {
    signal.removeEventListener('abort', stopSource);
    source.abort(noMore);
  }
  if (signal.aborted && signal.reason === ('discarded' satisfies StopReason)) return finishGone(deps, live);
  await settle(deps, live, { ending, meter, begun, lost: () => lost });
}

function endingOf(signal: AbortSignal, thrown: unknown): Ending {
  if (!signal.aborted) return { outcome: 'failed', errorCode: DomainError.from(thrown).code };
  return signal.reason === ('stopped' satisfies StopReason)
    ? { outcome: 'stopped', errorCode: null }
    : { outcome: 'interrupted', errorCode: 'reply-interrupted' };
}

const endsInHalfPair = (text: string): boolean => isHighSurrogate(text.charCodeAt(text.length - 1));

type Settle = {
  ending: Ending;
  meter: AnswerMeter;
  /** How long the text was that it went on from. */
  begun: number;
  lost: () => unknown;
};

/** Stores the end, with what the log had not yet taken, and tells the readers. Tries until the database is there. */
async function settle(deps: Deps, live: LiveReply, options: Settle): Promise<void> {
  const { writers, log } = deps;
  const rest = await writers.log.takeRest(live);
  const text = live.textFrom(0) + rest;
  for (;;) {
    const lost = options.lost();
    if (lost instanceof LeaseLost) return live.abandon();
    if (lost !== undefined) {
      writers.doubts.failure(live.reply.id);
      return finishGone(deps, live);
    }
    try {
      const committed = (ended: EndedReply | undefined) => {
        if (ended && rest !== '') showRest(deps, live, rest);
      };
      const ended = await commitEnd({ ...deps, committed }, live, { ...options, text });
      if (!ended) return live.abandon();
      finishEnded(live, ended);
      if (ended.next) writers.start(ended.next);
      writers.ended(ended.reply);
      return;
    } catch (thrown) {
      const error = DomainError.from(thrown);
      if (error.code !== 'storage-unavailable') {
        log.error({ code: error.code, err: error.cause }, 'the end of a reply could not be stored');
        writers.doubts.failure(live.reply.id);
        return live.abandon();
      }
      await new Promise<void>((resolve) => void setTimeout(resolve, endRetryDelayMs));
    }
  }
}

const commitEnd = (
  deps: Deps & { committed: (ended: EndedReply | undefined) => void },
  live: LiveReply,
  { ending, meter, begun, text }: Settle & { text: string },
) =>
  commitClaims(deps, live.reply.userId, async (tables, record) => {
    return endReply(tables, record, {
      reply: live.reply,
      ...ending,
      text,
      usage: meter.usage({ said: text.slice(begun), failed: ending.outcome === 'failed' }),
      firstTextAt: meter.firstTextAt,
      answeredBy: meter.answeredBy,
      at: deps.clock(),
      claimNext: deps.writers.claimNext,
    });
  });

function showRest(deps: Deps, live: LiveReply, text: string): void {
  const { uuid: replyUuid, chatUuid, userId } = live.reply;
  const start = live.length;
  live.append(text);
  deps.fanout.publish(userId, { type: 'text-delta', replyUuid, chatUuid, start, text });
}

const finishEnded = (live: LiveReply, { reply, message }: EndedReply): void =>
  live.finish({ type: 'reply-end', reply, message, errorCode: reply.errorCode });

/** The chat was deleted under it: its readers get an end, and there is nothing to store. */
const finishGone = ({ clock }: Deps, live: LiveReply): void => live.finish(endOfGone(live.reply, clock()));
