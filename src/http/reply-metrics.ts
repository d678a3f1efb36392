import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Change } from '../core/events.ts';
import type { FanoutEvent } from '../core/ports.ts';
import type { Reply } from '../core/replies/reply.ts';

type Instruments = {
  open: Gauge;
  ended: Counter<'state' | 'error' | 'provider'>;
  firstText: Histogram;
  firstToken: Histogram<'provider'>;
  tokenRate: Histogram<'provider'>;
  tokens: Counter<'provider' | 'direction'>;
};

/** Counts replies by what this process tells of them. */
export function createReplyMetrics(instruments: Instruments): { note(event: FanoutEvent): void } {
  const { open, firstText } = instruments;
  /** The replies that have begun and not ended. */
  const begun = new Map<string, { chatUuid: string; openedAt: number; isSilent: boolean }>();

  const noteChange = (change: Change) => {
    if (change.type === 'reply-start') {
      const { uuid, chatUuid, createdAt } = change.reply;
      begun.set(uuid, { chatUuid, openedAt: createdAt.getTime(), isSilent: true });
    } else if (change.type === 'reply-end') {
      begun.delete(change.reply.uuid);
      noteEnd(instruments, change.reply);
    } else if (change.type === 'chat-deleted' || change.type === 'chat-cleared') {
      // Nothing tells the end of what was being written there.
      for (const [uuid, { chatUuid }] of begun) if (chatUuid === change.chatUuid) begun.delete(uuid);
    } else {
      return;
    }
    open.set(begun.size);
  };

  return {
    note(event) {
      if (event.type === 'change') return noteChange(event.change);
      if (event.type !== 'text-delta') return;
      const reply = begun.get(event.replyUuid);
      if (reply?.isSilent !== true) return;
      reply.isSilent = false;
      firstText.observe((Date.now() - reply.openedAt) / 1000);
    },
  };
}

function noteEnd({ ended, firstToken, tokenRate, tokens }: Instruments, reply: Reply): void {
  const { state, errorCode, usage, startedAt, firstTextAt, endedAt } = reply;
  const provider = reply.provider ?? 'none';
  ended.inc({ state, error: errorCode ?? 'none', provider });
  if (usage) {
    tokens.inc({ provider, direction: 'prompt' }, usage.promptTokens);
    tokens.inc({ provider, direction: 'completion' }, usage.completionTokens);
  }
  if (!firstTextAt || !startedAt || !endedAt) return;
  firstToken.observe({ provider }, Math.max(0, secondsBetween(startedAt, firstTextAt)));
  const seconds = secondsBetween(firstTextAt, endedAt);
  // An answer that came at once has no speed.
  if (state === 'complete' && usage && seconds > 0)
    tokenRate.observe({ provider }, usage.completionTokens / seconds);
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
