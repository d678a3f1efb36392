import { quantile } from './quantile.mjs';

/**
 * Lets some workers do one step after the other for a while, after a while that does not count.
 * @param {{ workers: (() => Promise<unknown>)[], warmUpMs?: number, forMs: number, cpuMicros?: () => Promise<number> }} load
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, cpuMicrosPerStep: number }>} times in milliseconds
 */
export async function runLoad({ workers, warmUpMs = 1_500, forMs, cpuMicros = async () => 0 }) {
  await during(workers, warmUpMs);
  const cpuBefore = await cpuMicros();
  const startedAt = performance.now();
  const times = await during(workers, forMs);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (await cpuMicros()) - cpuBefore;
  return {
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpuMicrosPerStep: cpu / times.length,
  };
}

async function during(workers, ms) {
  const until = performance.now() + ms;
  const times = [];
  const work = async (step) => {
    for (let now = performance.now(); now < until;) {
      await step();
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  };
  await Promise.all(workers.map(work));
  return times;
}
