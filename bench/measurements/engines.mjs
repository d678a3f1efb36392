import { findServers } from '../databases/database-server.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { inTurns } from '../load/in-turns.mjs';
import { startWithPeople } from '../load/people.mjs';
import { runLoad } from '../load/run-load.mjs';
import { askStep, mixedStep } from '../load/steps.mjs';

const connections = 16;
const full = { chatsEach: 32, rounds: 3, firstMs: 1_500, warmUpMs: 200, forMs: 2_000 };
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
      const loads = await measure(places, step, sizes);
      for (const [index, load] of loads.entries())
        rows.push(...rowsOf(`${places[index].name}: ${work}`, load));
      const [base, ...others] = loads;
      for (const [
        index,
        { perSecond, cpuMicrosPerStep: cpu, databaseCpuMicrosPerStep: more },
      ] of others.entries()) {
        const what = `${places[index + 1].name} : SQLite, ${work}`;
        rows.push({ what, value: perSecond / base.perSecond, unit: '×' });
        if (!Number.isNaN(more))
          rows.push({ what: `${what}, CPU of both`, value: (cpu + more) / base.cpuMicrosPerStep, unit: '×' });
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

/** What each place makes of a work. */
async function measure(places, step, { chatsEach, rounds, firstMs, warmUpMs, forMs }) {
  const subjects = [];
  for (const { server, database, people } of places) {
    const workers = [];
    for (const { token } of people)
      workers.push(await step(await HttpConnection.open(server.url, { token }), chatsEach));
    const { cpuMicros } = server;
    subjects.push({ workers, cpuMicros, ...(database && { databaseCpuMicros: database.cpuMicros }) });
  }
  return inTurns(subjects, rounds, (subject, round) =>
    runLoad({ ...subject, warmUpMs: round === 0 ? firstMs : warmUpMs, forMs }),
  );
}

const rowsOf = (what, { perSecond, p50, cpuMicrosPerStep: cpu, databaseCpuMicrosPerStep: more }) => [
  { what, value: perSecond, unit: 'req/s' },
  { what: `${what}, p50`, value: p50, unit: 'ms' },
  { what: `${what}, CPU of the server`, value: cpu, unit: 'µs each' },
  ...(Number.isNaN(more)
    ? []
    : [{ what: `${what}, CPU of the database's connections`, value: more, unit: 'µs each' }]),
];
