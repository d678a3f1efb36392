import { availableParallelism } from 'node:os';
import { answerText } from '../../test/support/fake-ai/fake-ai.mjs';
import { findServers } from '../databases/database-server.mjs';
import { findRedis, redisEnv } from '../databases/find-redis.mjs';
import { delaysBetween } from '../load/delays-between.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { seedPeople } from '../load/people.mjs';
import { median, quantile } from '../load/quantile.mjs';
import { runLoad } from '../load/run-load.mjs';
import { askStep } from '../load/steps.mjs';
import { askParlance } from '../load/streams.mjs';

const connections = 16;
const full = {
  streams: 40,
  rounds: 3,
  sends: { chatsEach: 16, firstMs: 2_000, warmUpMs: 300, forMs: 2_500 },
  script: { count: 1_000, rate: 0 },
  watched: { count: 100, rate: 20 },
};
const small = {
  streams: 16,
  rounds: 1,
  sends: { chatsEach: 2, firstMs: 200, warmUpMs: 100, forMs: 500 },
  script: { count: 100, rate: 0 },
  watched: { count: 20, rate: 20 },
};
/** Replies at the same time of which the delay is taken: few, so that it is the way's and not a queue's. */
const watchedReplies = 8;
const model = 'openai:fake-model';

/** @type {import('../measurements.mjs').Measurement} */
export const nodes = {
  name: 'nodes',
  about: `two servers on one database and one Redis against one on the same, all of them on the same ${availableParallelism()} cores, and what a reader on the other one waits for`,
  async run(context) {
    const sizes = context.small ? small : full;
    if (!(await findRedis(context))) return [];
    const { url: vendor } = await context.startFakeAi();
    const rows = [];
    for (const server of await findServers(context)) {
      context.note(server.product);
      const started = (count) => startNodes(context, { server, vendor, count, people: sizes.streams });
      const groups = [await started(1), await started(2)];
      for (const [work, measure] of Object.entries({ sends: measureSends, streams: measureStreams }))
        rows.push(...compared(`${server.product}, ${work}`, await measure(groups, sizes)));
      rows.push(...(await measureDelay(server.product, groups[1], sizes.watched)));
      for (const { servers } of groups) for (const { stop } of servers) await stop();
    }
    return rows;
  },
};

/** So many servers on a new database, with people who each have a chat with the played AI. */
async function startNodes(context, { server, vendor, count, people: size }) {
  const database = await context.newDatabase(server);
  const ai = { AI_PROVIDER: 'basic', AI_MODELS: model, OPENAI_BASE_URL: vendor };
  const given = { DATABASE_URL: database.url, ...redisEnv(), ...ai };
  const { people, env } = await seedPeople(context, size, given);
  const servers = [];
  for (let index = 0; index < count; index += 1) servers.push(await context.startParlance({ env }));
  const places = [];
  for (const [index, { token }] of people.entries()) {
    const { url } = servers[index % count];
    const connection = await HttpConnection.open(url, { token });
    const { id: chat } = await connection.json('POST', '/api/v1/chats', { model });
    places.push({ url, token, chat, connection });
  }
  const cpuMicros = async () => {
    let sum = 0;
    for (const one of servers) sum += await one.cpuMicros();
    return sum;
  };
  return { count, servers, places, cpuMicros, databaseCpuMicros: database.cpuMicros };
}

/** Sends that wait for their reply of `basic`, of one group of servers after the other; of each the median of the rounds. */
async function measureSends(groups, { rounds, sends: { chatsEach, firstMs, warmUpMs, forMs } }) {
  const runs = [];
  for (const group of groups) {
    const workers = [];
    for (const { connection } of group.places.slice(0, connections))
      workers.push(await askStep(connection, chatsEach));
    runs.push({ group, workers, loads: [] });
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { group, workers, loads } of runs) {
      const { cpuMicros, databaseCpuMicros } = group;
      const load = { workers, warmUpMs: round === 0 ? firstMs : warmUpMs, forMs };
      loads.push(await runLoad({ ...load, cpuMicros, databaseCpuMicros }));
    }
  return runs.map(({ loads }) => ({
    unit: 'req/s',
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    cpu: median(loads.map(({ cpuMicrosPerStep }) => cpuMicrosPerStep)),
    databaseCpu: median(loads.map(({ databaseCpuMicrosPerStep }) => databaseCpuMicrosPerStep)),
  }));
}

/** Streams of everybody as fast as they go, each read where it was asked for. */
async function measureStreams(groups, { rounds, script }) {
  const text = answerText(script.count);
  const runs = groups.map((group) => ({ group, figures: [] }));
  // The first round is not counted: a server that has just started still compiles what is measured.
  for (let round = 0; round <= rounds; round += 1)
    for (const { group, figures } of runs) {
      const { places, cpuMicros, databaseCpuMicros } = group;
      const [cpuBefore, databaseBefore] = [await cpuMicros(), await databaseCpuMicros()];
      const startedAt = performance.now();
      const records = await Promise.all(places.map((place) => askParlance(place.url, place, script)));
      const seconds = (performance.now() - startedAt) / 1_000;
      const count = places.length * script.count;
      if (!records.every((record) => record.replyText() === text))
        throw new Error('A reader did not get the text that the AI said');
      const cpu = ((await cpuMicros()) - cpuBefore) / count;
      const databaseCpu = ((await databaseCpuMicros()) - databaseBefore) / count;
      if (round > 0) figures.push({ perSecond: count / seconds, cpu, databaseCpu });
    }
  return runs.map(({ figures }) => ({
    unit: 'tokens/s',
    perSecond: median(figures.map(({ perSecond }) => perSecond)),
    cpu: median(figures.map(({ cpu }) => cpu)),
    databaseCpu: median(figures.map(({ databaseCpu }) => databaseCpu)),
  }));
}

/** The one and the two of a work, and two as a ratio to one. */
function compared(what, [one, two]) {
  const rows = [];
  for (const [name, { perSecond, unit, cpu, databaseCpu }] of Object.entries({ one, two })) {
    const prefix = `${what}, ${name === 'one' ? 'one node' : 'two nodes'}`;
    rows.push(
      { what: prefix, value: perSecond, unit },
      { what: `${prefix}, CPU of ${name === 'one' ? 'it' : 'both'}`, value: cpu, unit: 'µs each' },
    );
    if (!Number.isNaN(databaseCpu))
      rows.push({
        what: `${prefix}, CPU of the database's connections`,
        value: databaseCpu,
        unit: 'µs each',
      });
  }
  rows.push(
    { what: `${what}, two nodes : one node`, value: two.perSecond / one.perSecond, unit: '×' },
    { what: `${what}, CPU for each, two nodes : one node`, value: two.cpu / one.cpu, unit: '×' },
  );
  return rows;
}

/** When tokens of replies that one node writes come to readers there, and to readers on the other node. */
async function measureDelay(product, { servers: [writer, other], places }, script) {
  const own = places.filter(({ url }) => url === writer.url).slice(0, watchedReplies);
  const watch = () => delaysBetween(own, { here: writer.url, there: other.url, script });
  await watch();
  const { here, there, between } = await watch();
  const rows = [];
  for (const share of [0.5, 0.99])
    rows.push(
      {
        what: `${product}, token on the node that writes, p${share * 100}`,
        value: quantile(here, share),
        unit: 'ms late',
      },
      {
        what: `${product}, token on the other node, p${share * 100}`,
        value: quantile(there, share),
        unit: 'ms late',
      },
      {
        what: `${product}, the same token there after here, p${share * 100}`,
        value: quantile(between, share),
        unit: 'ms',
      },
    );
  return rows;
}
