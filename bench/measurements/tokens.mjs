import { answerText } from '../../test/support/fake-ai/fake-ai.mjs';
import { askParlance, askVendor, providerEnv, roomFor } from '../load/streams.mjs';

const streams = 80;
const script = { count: 4_000, rate: 0 };

/** @type {import('../measurements.mjs').Measurement} */
export const tokens = {
  name: 'tokens',
  about: `tokens a second from the AI through the database to ${streams} readers, as fast as it goes`,
  async run(context) {
    const { url: vendor } = await context.startFakeAi();
    const server = await context.startParlance({ env: providerEnv(vendor) });
    const places = await roomFor(server.url, streams);
    const direct = await timed(places.map(() => () => askVendor(vendor, script)));
    await timed(places.map((place) => () => askParlance(server.url, place, { count: 200, rate: 0 })));

    const cpuBefore = await server.cpuMicros();
    const through = await timed(places.map((place) => () => askParlance(server.url, place, script)));
    const cpu = (await server.cpuMicros()) - cpuBefore;
    const text = answerText(script.count);
    for (const record of through.records)
      if (record.replyText() !== text) throw new Error('A reader did not get the text that the AI said');

    const count = streams * script.count;
    return [
      { what: 'tokens straight from the AI', value: count / direct.seconds, unit: 'tokens/s' },
      { what: 'tokens end to end', value: count / through.seconds, unit: 'tokens/s', least: 50_000 },
      { what: 'tokens end to end, CPU of the server', value: cpu / count, unit: 'µs each' },
      { what: 'end to end : straight from the AI', value: direct.seconds / through.seconds, unit: '×' },
    ];
  },
};

async function timed(streams) {
  const startedAt = performance.now();
  const records = await Promise.all(streams.map((start) => start()));
  return { records, seconds: (performance.now() - startedAt) / 1_000 };
}
