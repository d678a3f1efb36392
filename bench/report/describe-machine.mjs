import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { median } from '../load/quantile.mjs';

/** What the figures depend on. @param {string} folder a folder on the disk that is measured */
export function describeMachine(folder) {
  const cores = availableParallelism();
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memoryGiB = Math.round(totalmem() / 1024 ** 3);
  const syncMs = measureSync(folder);
  const [load = 0] = loadavg();
  const sentence =
    `${cores} cores (${processor}), ${memoryGiB} GiB, Node ${process.versions.node}, ${type()} ${release()}; ` +
    `the disk makes 4 KiB durable in ${syncMs.toFixed(3)} ms. ` +
    `Before the run, ${load.toFixed(1)} programs were busy on them (load average of a minute). ` +
    'The server, the played AI and the load generator are processes of their own that share these cores.';
  return {
    cores,
    processor,
    memoryGiB,
    node: process.versions.node,
    system: `${type()} ${release()}`,
    syncMs,
    load,
    sentence,
  };
}

/** The median time of an appended page and its `fdatasync`. */
function measureSync(folder) {
  const file = join(folder, 'sync');
  const page = Buffer.alloc(4096, 1);
  const descriptor = openSync(file, 'w');
  const times = [];
  for (let index = 0; index < 200; index += 1) {
    const startedAt = performance.now();
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
    times.push(performance.now() - startedAt);
  }
  closeSync(descriptor);
  unlinkSync(file);
  return median(times);
}
