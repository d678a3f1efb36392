import { findServers } from '../databases/database-server.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { startWithPeople } from '../load/people.mjs';
import { median } from '../load/quantile.mjs';
import { runLoad } from '../load/run-load.mjs';
import { askStep, mixedStep } from '../load/steps.mjs';

const connections = 16;
const full = { chatsEach: 32, rounds: 3, firstMs: 2_000, warmUpMs: 300, forMs: 2_500 };
const small = { chatsEach: 2, rounds: 1, firstMs: 200, warmUpMs: 100, forMs: 500 };

/** @type {Record<string, (connection: HttpConnection, chatsEach: number) => any>} */
const works = { 'mixed work': mixedStep, 'sends with their reply': askStep };

/** @type {import('../measurements.mjs').Measurement} */
export const engines = {
  name: 'engines',
  about: `the same work on each database engine, in turn, at ${connections} connections with the basic provider`,
  async run(context) {
    const sizes = context.small ? small : full;
    const places = await placesOf(context);
    const rows = [];
    for (const [work, step] of Object.entries(works)) {
      context.note(work);
      const loads = await inTurns(places, step, sizes);
      for (const { name, ...load } of loads) rows.push(...rowsOf(`${name}: ${work}`, load));
      const [base, ...others] = loads;
      for (const { name, perSecond, cpu, databaseCpu } of others) {
        const what = `${name} : ${base.name}, ${work}`;
        rows.push({ what, value: perSecond / base.perSecond, unit: '×' });
        if (!Number.isNaN(databaseCpu))
          rows.push({ what: `${what}, CPU of both`, value: (cpu + databaseCpu) / base.cpu, unit: '×' });
      }
    }
    return rows;
  },
};

/** A server on each engine, with somebody for each connection. SQLite, which the others are compared with, is the first. */
async function placesOf(context) {
  const places = [{ name: 'SQLite', ...(await startWithPeople(context, connections)) }];
  for (const server of await findServers(context)) {
    const database = await context.newDatabase(server);
    const started = await startWithPeople(context, connections, { DATABASE_URL: database.url });
    places.push({ name: server.product, database, ...started });
  }
  return places;
}

/** One engine after the other, several times, so that all see the same machine; of each the median. */
async function inTurns(places, step, { chatsEach, rounds, firstMs, warmUpMs, forMs }) {
  const runs = [];
  for (const place of places) {
    const workers = await workersOf(place, (connection) => step(connection, chatsEach));
    runs.push({ place, workers, loads: [] });
  }
  for (let round = 0; round < rounds; round += 1)
    for (const { place, workers, loads } of runs)
      loads.push(
        await runLoad({
          workers,
          warmUpMs: round === 0 ? firstMs : warmUpMs,
          forMs,
          cpuMicros: place.server.cpuMicros,
          ...(place.database && { databaseCpuMicros: place.database.cpuMicros }),
        }),
      );
  return runs.map(({ place, loads }) => {
    const middle = (figure) => median(loads.map(figure));
    return {
      name: place.name,
      perSecond: middle(({ perSecond }) => perSecond),
      p50: middle(({ p50 }) => p50),
      cpu: middle(({ cpuMicrosPerStep }) => cpuMicrosPerStep),
      databaseCpu: middle(({ databaseCpuMicrosPerStep }) => databaseCpuMicrosPerStep),
    };
  });
}

const workersOf = ({ server, people }, step) =>
  Promise.all(people.map(async ({ token }) => step(await HttpConnection.open(server.url, { token }))));

const rowsOf = (what, { perSecond, p50, cpu, databaseCpu }) => [
  { what, value: perSecond, unit: 'req/s' },
  { what: `${what}, p50`, value: p50, unit: 'ms' },
  { what: `${what}, CPU of the server`, value: cpu, unit: 'µs each' },
  ...(Number.isNaN(databaseCpu)
    ? []
    : [{ what: `${what}, CPU of the database's connections`, value: databaseCpu, unit: 'µs each' }]),
];
