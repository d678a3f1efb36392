import { quantile } from '../load/quantile.mjs';
import { askParlance, askVendor, providerEnv, roomFor, stagger } from '../load/streams.mjs';

const rate = 50;
const fewTurns = 150;
/** A server that has just started still compiles its hot path: after so many replies it has. */
const warmTurns = 4_000;
const streams = 200;
const script = { count: 200, rate };

/** @type {import('../measurements.mjs').Measurement} */
export const firstToken = {
  name: 'first-token',
  about: `what stands between the AI's first word and the reader, at 1 and at ${streams} streams of ${rate} tokens/s`,
  async run(context) {
    const { url: vendor } = await context.startFakeAi();
    const server = await context.startParlance({ env: providerEnv(vendor) });
    const few = await roomFor(server.url, 1);
    // A chat for each: a second reply in one chat would wait for the first.
    const many = await roomFor(server.url, 2 * streams);

    const asks = {
      direct: () => askVendor(vendor, { count: 2, rate: 0 }),
      through: () => askParlance(server.url, few[0], { count: 2, rate: 0 }),
    };
    const fresh = await alternate(fewTurns, asks);
    for (let turn = 0; turn < (context.small ? fewTurns : warmTurns); turn += 1) await asks.through();
    const one = await alternate(4 * fewTurns, asks);
    // Each lasts four seconds, and 50 begin a second: from the fourth second on, 200 are open at any time.
    const everyMs = (script.count / rate / streams) * 1_000;
    const directRecords = await stagger(
      many.map(() => () => askVendor(vendor, script)),
      everyMs,
    );
    const throughRecords = await stagger(
      many.map((place) => () => askParlance(server.url, place, script)),
      everyMs,
    );
    for (const record of throughRecords) record.replyText();
    const full = {
      direct: directRecords.slice(streams).map(ofVendor),
      through: throughRecords.slice(streams).map(ofParlance),
    };
    return [
      ...rowsOf('1 stream, just started', fresh, {}),
      ...rowsOf('1 stream', one, { p50: 2, p99: 15 }),
      ...rowsOf(`${streams} streams`, full, { p50: 5, p99: 15 }),
    ];
  },
};

const ofVendor = (record) => record.delayOf('"content":"t');
const ofParlance = (record) => record.delayOf('event: text-delta');

/** First the one, then the other, so that both see the same machine. */
async function alternate(turns, { direct, through }) {
  const delays = { direct: [], through: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    delays.direct.push(ofVendor(await direct()));
    delays.through.push(ofParlance(await through()));
  }
  const warm = turns / 3;
  return { direct: delays.direct.slice(warm), through: delays.through.slice(warm) };
}

function rowsOf(streams, { direct, through }, most) {
  const row = (share) => ({
    direct: quantile(direct, share),
    through: quantile(through, share),
  });
  const [p50, p99] = [row(0.5), row(0.99)];
  return [
    { what: `first token straight from the AI, ${streams}, p50`, value: p50.direct, unit: 'ms' },
    { what: `first token straight from the AI, ${streams}, p99`, value: p99.direct, unit: 'ms' },
    {
      what: `first token added, ${streams}, p50`,
      value: p50.through - p50.direct,
      unit: 'ms',
      ...(most.p50 === undefined ? {} : { most: most.p50 }),
    },
    {
      what: `first token added, ${streams}, p99`,
      value: p99.through - p99.direct,
      unit: 'ms',
      ...(most.p99 === undefined ? {} : { most: most.p99 }),
    },
  ];
}
