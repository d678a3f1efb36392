import { DomainError, type ErrorCode } from '../core/errors.ts';
import type { Speech, VoiceService } from '../core/voice/voice.ts';
import { AskQueue, type QueueSettings } from '../providers/guard/ask-queue.ts';
import { type BreakerSettings, CircuitBreaker } from '../providers/guard/circuit-breaker.ts';
import { type Guard, requireClosed, watchQuestion } from '../providers/guard/watch-question.ts';

const voiceHalves = ['transcription', 'speech'] as const;
type VoiceHalf = (typeof voiceHalves)[number];

export type VoiceGuardSettings = {
  /** For each half. */
  breaker: BreakerSettings;
  queue: QueueSettings;
  /** Hears what became of each question that nobody took back: its error, or null. */
  ended?: ((half: VoiceHalf, error: ErrorCode | null) => void) | undefined;
};

export type WatchedVoice = VoiceService & {
  /** What each half has to do at this moment. */
  load(): { provider: string; asking: number; waiting: number; isLeftAlone: boolean }[];
};

/** The same service, each half behind a queue and a circuit breaker. @throws DomainError `ai-busy`, `ai-unreachable`, beside its own */
export function guardVoice(service: VoiceService, settings: VoiceGuardSettings): WatchedVoice {
  const { transcribe, speak } = service;
  const open = (): Guard => ({
    breaker: new CircuitBreaker(settings.breaker, () => performance.now()),
    queue: new AskQueue(settings.queue),
  });
  const guards = { transcription: open(), speech: open() };
  const ask = (half: VoiceHalf, signal: AbortSignal) =>
    enter({ guard: guards[half], ended: (error) => settings.ended?.(half, error) }, signal);
  return {
    ...(transcribe && {
      transcribe: async (recording, signal) => {
        const question = await ask('transcription', signal);
        try {
          const said = await transcribe(recording, signal);
          question.answered();
          return said;
        } catch (thrown) {
          throw question.failed(thrown);
        } finally {
          question.leave();
        }
      },
    }),
    ...(speak && {
      speak: async (input, signal) => {
        const question = await ask('speech', signal);
        try {
          const { mediaType, bytes } = await speak(input, signal);
          question.begun();
          return { mediaType, bytes: untilHeard(question, bytes) };
        } catch (thrown) {
          const failure = question.failed(thrown);
          question.leave();
          throw failure;
        }
      },
    }),
    load: () =>
      voiceHalves
        .filter((half) => (half === 'speech' ? speak : transcribe) !== undefined)
        .map((half) => {
          const { queue, breaker } = guards[half];
          const { asking, waiting } = queue;
          return { provider: `voice-${half}`, asking, waiting, isLeftAlone: breaker.isOpen };
        }),
    close: () => service.close(),
  };
}

type Asking = { guard: Guard; ended: (error: ErrorCode | null) => void };
type Question = {
  /** The service is there. */
  begun(): void;
  answered(): void;
  failed(thrown: unknown): unknown;
  leave(): void;
};

/** Waits for a place. Nobody is shown which: an answer that does not stream has no room for it. */
async function enter({ guard: { breaker, queue }, ended }: Asking, signal: AbortSignal): Promise<Question> {
  const tell = (thrown: unknown) => {
    if (!signal.aborted) ended(thrown === undefined ? null : DomainError.from(thrown).code);
    return thrown;
  };
  try {
    requireClosed(breaker);
    for await (const _ of queue.enter(signal));
  } catch (thrown) {
    throw tell(thrown);
  }
  let isIn = true;
  const leave = () => {
    signal.removeEventListener('abort', leave);
    if (isIn) queue.leave();
    isIn = false;
  };
  // Speech that nobody began to take is left in no other way.
  signal.addEventListener('abort', leave, { once: true });
  try {
    // It may have opened while this one waited.
    requireClosed(breaker);
  } catch (thrown) {
    leave();
    throw tell(thrown);
  }
  const watch = watchQuestion(breaker);
  return {
    begun: () => watch.answered(),
    answered() {
      watch.answered();
      tell(undefined);
    },
    failed(thrown) {
      watch.failed(thrown, signal);
      return tell(thrown);
    },
    leave() {
      watch.withdrawn();
      leave();
    },
  };
}

/** Its place is taken until the last of it was taken, or nobody wants more. */
async function* untilHeard(question: Question, bytes: Speech['bytes']): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
    question.answered();
  } catch (thrown) {
    throw question.failed(thrown);
  } finally {
    question.leave();
  }
}
