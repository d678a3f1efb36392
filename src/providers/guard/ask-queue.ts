import { DomainError } from '../../core/errors.ts';

export type QueueSettings = {
  /** Questions that are asked at the same time, at most; undefined for as many as there are. */
  concurrency: number | undefined;
  /** Questions that may wait. */
  waiting: number;
};

/** A place among the waiting. `moved` resolves when it changes. */
type Place = { position: number; moved: () => void };

/** Lets so many questions through at a time; the others wait in the order in which they came. */
export class AskQueue {
  readonly #settings: QueueSettings;
  #asking = 0;
  #waiting: Place[] = [];

  constructor(settings: QueueSettings) {
    this.#settings = settings;
  }

  get asking(): number {
    return this.#asking;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Gives the position of a question each time it changes (1 is next), and ends when it may be asked; `leave` must follow then. Where the
   * signal aborts it throws the reason, and nothing need follow. @throws DomainError `ai-busy` where too many wait
   */
  async *enter(signal: AbortSignal): AsyncGenerator<number, void, void> {
    const { concurrency = Number.POSITIVE_INFINITY, waiting } = this.#settings;
    if (this.#asking < concurrency && this.#waiting.length === 0) {
      this.#asking += 1;
      return;
    }
    if (this.#waiting.length >= waiting) throw new DomainError('ai-busy', { retryAfterSeconds: 5 });
    const place: Place = { position: this.#waiting.length + 1, moved: () => undefined };
    this.#waiting.push(place);
    const abort = () => place.moved();
    signal.addEventListener('abort', abort, { once: true });
    let isIn = false;
    try {
      for (let shown = 0; place.position > 0;) {
        signal.throwIfAborted();
        if (place.position !== shown) yield (shown = place.position);
        else await new Promise<void>((resolve) => (place.moved = resolve));
      }
      signal.throwIfAborted();
      isIn = true;
    } finally {
      signal.removeEventListener('abort', abort);
      if (!isIn) this.#giveUp(place);
    }
  }

  /** A question that was asked is answered, or given up: the next one's turn. */
  leave(): void {
    this.#asking -= 1;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#asking += 1;
    next.position = 0;
    next.moved();
    this.#renumber();
  }

  #giveUp(place: Place): void {
    // It had its turn and cannot take it any more.
    if (place.position === 0) return this.leave();
    this.#waiting = this.#waiting.filter((other) => other !== place);
    this.#renumber();
  }

  #renumber(): void {
    for (const [index, place] of this.#waiting.entries()) {
      if (place.position === index + 1) continue;
      place.position = index + 1;
      place.moved();
    }
  }
}
