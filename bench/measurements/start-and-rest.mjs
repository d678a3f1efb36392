import { setTimeout as pause } from 'node:timers/promises';
import { get } from '../load/http-connection.mjs';
import { median } from '../load/quantile.mjs';
import { root } from '../processes/context.mjs';
import { startChild } from '../processes/start-child.mjs';

const repeats = 5;
const restMs = 5_000;
const mebibyte = 1024 * 1024;

/** @type {import('../measurements.mjs').Measurement} */
export const startAndRest = {
  name: 'start-and-rest',
  about: 'from the start of the process to the first answered request, and memory when nobody calls',
  async run(context) {
    const first = await context.startParlance();
    const firstMs = await untilAnswer(first, first.url);
    await pause(restMs);
    const restBytes = await first.residentBytes();
    await first.stop();

    const { dataDir } = first;
    const seconds = [];
    for (let index = 0; index < repeats; index += 1) {
      const server = await context.startParlance({ dataDir });
      seconds.push(await untilAnswer(server, server.url));
      await server.stop();
    }
    const npm = [];
    for (let index = 0; index < repeats; index += 1) npm.push(await timeNpmStart(dataDir));
    return [
      { what: 'start on a migrated database', value: median(seconds), unit: 'ms', most: 1_000 },
      { what: 'start that migrates an empty database', value: firstMs, unit: 'ms' },
      { what: '`npm start` once it is built', value: median(npm), unit: 'ms', most: 1_000 },
      { what: 'idle resident memory', value: restBytes / mebibyte, unit: 'MiB', most: 120 },
    ];
  },
};

async function untilAnswer({ startedAt }, url) {
  await get(`${url}/health`);
  return performance.now() - startedAt;
}

async function timeNpmStart(dataDir) {
  const server = await startChild('npm', ['start'], {
    ready: /running on (http:\/\/\S+)/,
    cwd: root,
    env: { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' },
  });
  const ms = await untilAnswer(server, server.match[1]);
  await server.stop();
  return ms;
}
