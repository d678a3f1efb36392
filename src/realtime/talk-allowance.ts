export type TalkLimits = {
  /** Frames and pings a client may send in a second, on average, and at once. */
  framesPerSecond: number;
  framesAtOnce: number;
};

export const defaultTalkLimits: TalkLimits = { framesPerSecond: 20, framesAtOnce: 100 };

/** How much one client may still say: some at once, and more as time goes by. */
export class TalkAllowance {
  readonly #limits: TalkLimits;
  #left: number;
  #countedAt = Date.now();

  constructor(limits: TalkLimits = defaultTalkLimits) {
    this.#limits = limits;
    this.#left = limits.framesAtOnce;
  }

  /** Counts a frame; false for one that is too many. */
  take(): boolean {
    const { framesPerSecond, framesAtOnce } = this.#limits;
    const now = Date.now();
    const earned = (Math.max(0, now - this.#countedAt) * framesPerSecond) / 1_000;
    this.#countedAt = now;
    this.#left = Math.min(framesAtOnce, this.#left + earned) - 1;
    return this.#left >= 0;
  }
}
