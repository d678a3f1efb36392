import { availableParallelism } from 'node:os';
import { answerText } from '../../test/support/fake-ai/fake-ai.mjs';
import { findServers } from '../databases/database-server.mjs';
import { findRedis, redisEnv } from '../databases/find-redis.mjs';
import { delaysBetween } from '../load/delays-between.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { inTurns } from '../load/in-turns.mjs';
import { seedPeople } from '../load/people.mjs';
import { quantile } from '../load/quantile.mjs';
import { runLoad } from '../load/run-load.mjs';
import { askStep } from '../load/steps.mjs';
import { askParlance } from '../load/streams.mjs';

const connections = 16;
const full = {
  streams: 40,
  rounds: 3,
  sends: { chatsEach: 16, firstMs: 1_500, warmUpMs: 200, forMs: 2_000 },
  script: { count: 500, rate: 0 },
  watched: { count: 80, rate: 20 },
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
const warmUp = { count: 20, rate: 20 };
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
      const [sends, streams] = [await measureSends(groups, sizes), await measureStreams(groups, sizes)];
      rows.push(...compared(`${server.product}, sends`, 'req/s', sends));
      rows.push(...compared(`${server.product}, streams`, 'tokens/s', streams));
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

/** Sends that wait for their reply of `basic`. */
async function measureSends(groups, { rounds, sends: { chatsEach, firstMs, warmUpMs, forMs } }) {
  const subjects = [];
  for (const { places, cpuMicros, databaseCpuMicros } of groups) {
    const workers = [];
    for (const { connection } of places.slice(0, connections))
      workers.push(await askStep(connection, chatsEach));
    subjects.push({ workers, cpuMicros, databaseCpuMicros });
  }
  return inTurns(subjects, rounds, (subject, round) =>
    runLoad({ ...subject, warmUpMs: round === 0 ? firstMs : warmUpMs, forMs }),
  );
}

/** Streams of everybody as fast as they go, each read where it was asked for. */
async function measureStreams(groups, { rounds, script }) {
  // A server that has just started still compiles what is measured.
  for (const group of groups) await runStreams(group, script);
  return inTurns(groups, rounds, (group) => runStreams(group, script));
}

async function runStreams({ places, cpuMicros, databaseCpuMicros }, script) {
  const before = [await cpuMicros(), await databaseCpuMicros()];
  const startedAt = performance.now();
  const records = await Promise.all(places.map((place) => askParlance(place.url, place, script)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = [await cpuMicros(), await databaseCpuMicros()];
  const text = answerText(script.count);
  if (!records.every((record) => record.replyText() === text))
    throw new Error('A reader did not get the text that the AI said');
  const count = places.length * script.count;
  return {
    perSecond: count / seconds,
    cpuMicrosPerStep: (after[0] - before[0]) / count,
    databaseCpuMicrosPerStep: (after[1] - before[1]) / count,
  };
}

/** What one node and two nodes do of a work, and two as a ratio to one. */
function compared(what, unit, [one, two]) {
  const rowsOf = (name, { perSecond, cpuMicrosPerStep: cpu, databaseCpuMicrosPerStep: more }) => [
    { what: `${what}, ${name}`, value: perSecond, unit },
    { what: `${what}, ${name}, CPU of the servers`, value: cpu, unit: 'µs each' },
    ...(Number.isNaN(more)
      ? []
      : [{ what: `${what}, ${name}, CPU of the database's connections`, value: more, unit: 'µs each' }]),
  ];
  const cpuRatio = two.cpuMicrosPerStep / one.cpuMicrosPerStep;
  return [
    ...rowsOf('one node', one),
    ...rowsOf('two nodes', two),
    { what: `${what}, two nodes : one node`, value: two.perSecond / one.perSecond, unit: '×' },
    { what: `${what}, two nodes : one node, CPU of the servers`, value: cpuRatio, unit: '×' },
  ];
}

/** When tokens of replies that one node writes come to readers there, and to readers on the other node. */
async function measureDelay(product, { servers: [writer, other], places }, script) {
  const own = places.filter(({ url }) => url === writer.url).slice(0, watchedReplies);
  const watch = (watched) => delaysBetween(own, { here: writer.url, there: other.url, script: watched });
  await watch(warmUp);
  const { here, there, between } = await watch(script);
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
