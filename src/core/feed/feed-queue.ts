import type { FanoutEvent } from '../ports.ts';

/** What one reader may leave unread: about 1 MiB of text, or so many events. */
const maximumCharacters = 500_000;
const maximumEvents = 20_000;
/** Up to which text of one reply that follows on itself is given as one delta. */
const joinedCharacters = 4_096;

type Delta = Extract<FanoutEvent, { type: 'text-delta' }>;

/**
 * What came while a reader was busy. The events are those that all readers are told, so that leaving them unread costs a reader one
 * reference each; one that lets too much pile up is cut, and resumes from its position later.
 */
export class FeedQueue {
  overflown = false;
  #events: FanoutEvent[] = [];
  /** How many of them were taken. */
  #taken = 0;
  #characters = 0;
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  push(event: FanoutEvent): void {
    if (this.overflown) return;
    if (event.type === 'text-delta') this.#characters += event.text.length;
    this.#events.push(event);
    this.overflown =
      this.#characters > maximumCharacters || this.#events.length - this.#taken > maximumEvents;
    if (this.overflown) {
      this.#events = [];
      this.#taken = 0;
    }
    this.#wake?.();
  }

  /** The next that came; undefined when there is none. */
  next(): FanoutEvent | undefined {
    const event = this.#take();
    if (event?.type !== 'text-delta') return event;
    const texts = [event.text];
    let end = event.start + event.text.length;
    for (let more = this.#following(event, end); more; more = this.#following(event, end)) {
      this.#take();
      texts.push(more.text);
      end += more.text.length;
    }
    return texts.length === 1 ? event : { ...event, text: texts.join('') };
  }

  /** Resolves when there is something to take, or when the signal aborts. */
  filled(): Promise<void> {
    const isThere = this.#taken < this.#events.length || this.overflown || this.#signal?.aborted;
    return isThere ? Promise.resolve() : new Promise((resolve) => (this.#wake = resolve));
  }

  #take(): FanoutEvent | undefined {
    const event = this.#events[this.#taken];
    if (!event) return undefined;
    this.#taken += 1;
    if (event.type === 'text-delta') this.#characters -= event.text.length;
    // What a reader has taken must not be kept for it, even if it never catches up.
    if (this.#taken === this.#events.length || this.#taken > maximumEvents) {
      this.#events = this.#events.slice(this.#taken);
      this.#taken = 0;
    }
    return event;
  }

  /** The next event, where it is text that goes on at `end` and is small enough to be given with what comes before. */
  #following({ replyUuid, start }: Delta, end: number): Delta | undefined {
    const event = this.#events[this.#taken];
    if (event?.type !== 'text-delta' || event.replyUuid !== replyUuid || event.start !== end)
      return undefined;
    return end + event.text.length - start <= joinedCharacters ? event : undefined;
  }
}
