import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../load/quantile.mjs';
import { askParlance, providerEnv, roomFor, stagger } from '../load/streams.mjs';

const streams = 100;
const rate = 10;
const seconds = 10;
const rampSeconds = 3;
/** A server that has just started still compiles its hot path; what counts is the one that has run for a while. */
const warmUp = { count: 800, rate: 200 };

/** @type {import('../measurements.mjs').Measurement} */
export const cpuPerToken = {
  name: 'cpu-per-token',
  about: `CPU time of the server for one token, ${streams} streams at ${rate} tokens/s`,
  async run(context) {
    const { url: vendor } = await context.startFakeAi();
    const server = await context.startParlance({ env: providerEnv(vendor) });
    const places = await roomFor(server.url, streams);
    await Promise.all(places.map((place) => askParlance(server.url, place, warmUp)));
    // The beginnings and ends of replies lie outside of the time that counts.
    const script = { count: (seconds + 3 * rampSeconds) * rate, rate };
    const running = stagger(
      places.map((place) => () => askParlance(server.url, place, script)),
      (rampSeconds / streams) * 1_000,
    );
    await pause((rampSeconds + 1) * 1_000);
    const before = { cpu: await server.cpuMicros(), at: performance.now() };
    await pause(seconds * 1_000);
    const after = { cpu: await server.cpuMicros(), at: performance.now() };
    const records = await running;
    for (const record of records) record.replyText();

    const count = ((after.at - before.at) / 1_000) * rate * streams;
    const pieces = records.map((record) => record.pieces.length);
    return [
      {
        what: 'CPU of the server for a token',
        value: (after.cpu - before.cpu) / count,
        unit: 'µs',
        most: 60,
      },
      {
        what: 'writes to a reader for 100 tokens',
        value: (quantile(pieces, 0.5) * 100) / script.count,
        unit: '',
      },
    ];
  },
};
