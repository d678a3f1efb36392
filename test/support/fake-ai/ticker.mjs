// @ts-check

/**
 * One timer for every stream that has a rate: each tick writes what each stream owes since its start, in one write.
 * The timer runs only while a stream is open.
 */
export const createTicker = (tickMs = 4) => {
  /** @type {Set<{ due: (now: number) => boolean }>} */
  const streams = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  const tick = () => {
    const now = performance.now();
    for (const stream of streams) if (!stream.due(now)) streams.delete(stream);
    if (streams.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    /** `due` is called every tick until it says false. @param {{ due: (now: number) => boolean }} stream */
    add(stream) {
      streams.add(stream);
      timer ??= setInterval(tick, tickMs);
    },
    close() {
      streams.clear();
      clearInterval(timer);
      timer = undefined;
    },
  };
};
