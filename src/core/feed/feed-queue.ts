import type { FanoutEvent } from '../ports.ts';

/** What one reader may leave unread: about 1 MiB of text, or so many changes. */
const maximumCharacters = 500_000;
const maximumEvents = 5_000;

/**
 * What came while a reader was busy. Text of one reply that follows on itself becomes one delta, so that a slow reader holds few
 * events; one that lets too much pile up is cut, and resumes from its position later.
 */
export class FeedQueue {
  overflown = false;
  #events: FanoutEvent[] = [];
  #characters = 0;
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  push(event: FanoutEvent): void {
    if (this.overflown) return;
    const last = this.#events.at(-1);
    if (event.type === 'text-delta') {
      this.#characters += event.text.length;
      if (last?.type === 'text-delta' && continues(last, event)) {
        this.#events[this.#events.length - 1] = { ...last, text: last.text + event.text };
      } else this.#events.push(event);
    } else this.#events.push(event);
    this.overflown = this.#characters > maximumCharacters || this.#events.length > maximumEvents;
    if (this.overflown) this.#events = [];
    this.#wake?.();
  }

  /** All that has come since the last call. */
  take(): FanoutEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#characters = 0;
    return events;
  }

  /** Resolves when there is something to take, or when the signal aborts. */
  async filled(): Promise<void> {
    if (this.#events.length > 0 || this.overflown || this.#signal?.aborted) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const continues = (
  before: Extract<FanoutEvent, { type: 'text-delta' }>,
  next: Extract<FanoutEvent, { type: 'text-delta' }>,
): boolean => before.replyUuid === next.replyUuid && before.start + before.text.length === next.start;
