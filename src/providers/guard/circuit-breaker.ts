export type BreakerSettings = {
  /** Failures in a row that open it; 0 for never. */
  failures: number;
  /** How long it then stays open. */
  pauseMs: number;
};

/**
 * Keeps questions from an AI that has just failed several times in a row, so that nobody waits for what will not come. After the pause
 * one question is let through to find out: its answer closes the breaker, its failure opens it anew.
 * See Nygard, "Release It!" (circuit breaker).
 */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #isProbing = false;

  /** `now`: milliseconds on a clock that nobody sets. */
  constructor(settings: BreakerSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#openUntil > 0;
  }

  /** Milliseconds until the next question may be asked; 0 where it may be asked now. */
  holdsForMs(): number {
    if (!this.isOpen) return 0;
    const leftMs = this.#openUntil - this.#now();
    if (leftMs > 0) return leftMs;
    // Somebody is finding out already: the others wait as long again.
    return this.#isProbing ? this.#settings.pauseMs : 0;
  }

  /** A question is asked. Every `ask` is followed by one of the three below. */
  ask(): void {
    if (this.isOpen) this.#isProbing = true;
  }

  answered(): void {
    this.#failures = 0;
    this.#openUntil = 0;
    this.#isProbing = false;
  }

  failed(): void {
    this.#isProbing = false;
    this.#failures += 1;
    const { failures, pauseMs } = this.#settings;
    if (failures > 0 && this.#failures >= failures) this.#openUntil = this.#now() + pauseMs;
  }

  /** The question was taken back before it was known whether the AI is there. */
  withdrawn(): void {
    this.#isProbing = false;
  }
}
