import { DomainError } from '../../core/errors.ts';

export type PatienceLimits = { firstTokenTimeoutMs: number; idleTimeoutMs: number };

/** How long a vendor that has said why it ends may take to send its token counts and close. */
const closingMs = 1000;

/**
 * Aborts `signal` when the caller does, or with `ai-timed-out` when the vendor is silent for too long:
 * no token within `firstTokenTimeoutMs` (from the start, and later whatever keep-alive bytes arrive), or no byte for `idleTimeoutMs`.
 * Only time spent waiting for the vendor counts: a slow reader of ours is not the vendor's silence.
 */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #caller: AbortSignal;
  readonly #abort = new AbortController();
  readonly #deadline: number;
  #timer: NodeJS.Timeout | undefined;
  #lastLook: NodeJS.Immediate | undefined;
  #waitingSince: number | undefined;
  #lastTokenAt: number | undefined;
  #isClosing = false;

  constructor(limits: PatienceLimits, caller: AbortSignal) {
    this.#limits = limits;
    this.#caller = caller;
    this.#deadline = performance.now() + limits.firstTokenTimeoutMs;
    caller.addEventListener('abort', this.#onAbort, { once: true });
    if (caller.aborted) this.#onAbort();
    else this.#check();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What is left for the first token. */
  remainingMs(): number {
    return this.#deadline - performance.now();
  }

  /** Now it is the vendor's turn. */
  wait(): void {
    this.#waitingSince = performance.now();
  }

  /** Bytes have come. */
  heard(): void {
    this.#waitingSince = undefined;
  }

  /** A token has come. */
  spoke(): void {
    const isFirst = this.#lastTokenAt === undefined;
    this.#lastTokenAt = performance.now();
    if (isFirst) this.#check();
  }

  /** The vendor has said why it ends. */
  closing(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#lastTokenAt ??= performance.now();
    this.#check();
  }

  stop(): void {
    this.#disarm();
    this.#caller.removeEventListener('abort', this.#onAbort);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastLook);
  }

  readonly #onAbort = (): void => {
    this.#disarm();
    this.#abort.abort(this.#caller.reason);
  };

  /** One timer a stream, set anew when it fires early, instead of one set anew for every token. */
  readonly #check = (): void => {
    this.#disarm();
    const leftMs = this.#leftMs();
    if (leftMs > 0) this.#timer = setTimeout(this.#check, Math.ceil(leftMs));
    // Had this process itself been busy, the vendor's bytes would lie unread: they are read first.
    else this.#lastLook = setImmediate(this.#giveUp);
  };

  readonly #giveUp = (): void => {
    if (this.#leftMs() > 0) this.#check();
    else this.#abort.abort(new DomainError('ai-timed-out'));
  };

  #leftMs(): number {
    const now = performance.now();
    return this.#until(now) - now;
  }

  #until(now: number): number {
    if (this.#lastTokenAt === undefined) return this.#deadline;
    const { firstTokenTimeoutMs, idleTimeoutMs } = this.#limits;
    const silenceMs = this.#isClosing ? Math.min(idleTimeoutMs, closingMs) : idleTimeoutMs;
    const tokenMs = this.#isClosing ? silenceMs : Math.max(firstTokenTimeoutMs, idleTimeoutMs);
    if (this.#waitingSince === undefined) return now + silenceMs;
    return Math.min(this.#waitingSince + silenceMs, this.#lastTokenAt + tokenMs);
  }
}
