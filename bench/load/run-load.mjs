import { quantile } from './quantile.mjs';

/**
 * Lets some workers do one step after the other for a while, after a while that does not count.
 * @typedef {() => Promise<number | undefined>} CpuMicros undefined where it cannot be seen
 * @param {{ workers: (() => Promise<unknown>)[], warmUpMs?: number, forMs: number, cpuMicros?: CpuMicros, databaseCpuMicros?: CpuMicros }} load
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, cpuMicrosPerStep: number, databaseCpuMicrosPerStep: number }>}
 * times in milliseconds; NaN for what cannot be seen
 */
export async function runLoad({
  workers,
  warmUpMs = 1_500,
  forMs,
  cpuMicros = unseen,
  databaseCpuMicros = unseen,
}) {
  await during(workers, warmUpMs);
  const cpuBefore = await Promise.all([cpuMicros(), databaseCpuMicros()]);
  const startedAt = performance.now();
  const times = await during(workers, forMs);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuAfter = await Promise.all([cpuMicros(), databaseCpuMicros()]);
  const [cpu, databaseCpu] = cpuAfter.map((micros, index) => (micros ?? NaN) - (cpuBefore[index] ?? NaN));
  return {
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpuMicrosPerStep: cpu / times.length,
    databaseCpuMicrosPerStep: databaseCpu / times.length,
  };
}

const unseen = async () => undefined;

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
