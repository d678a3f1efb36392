import { measureRoute } from '../load/bare-route.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { runLoad } from '../load/run-load.mjs';
import { newChats, newUsers } from '../load/sign-in.mjs';

const connections = 16;
const chatsEach = 32;
const forMs = 5_000;

/** @type {import('../measurements.mjs').Measurement} */
export const sendsAndLists = {
  name: 'sends-and-lists',
  about: `sends and lists at ${connections} connections, against a bare Fastify route and a bare SQLite commit loop`,
  async run(context) {
    const route = await measureRoute(context, connections);
    const commits = await measureCommits(context);

    const server = await context.startParlance();
    const users = await newUsers(server.url, connections);
    const people = [];
    for (const { token } of users)
      people.push({
        connection: await HttpConnection.open(server.url, { token }),
        chats: await newChats(server.url, token, chatsEach),
      });
    const { cpuMicros } = server;
    const lists = await runLoad({ workers: people.map(lister), forMs, cpuMicros });
    const sends = await runLoad({ workers: people.map(sender), forMs, cpuMicros });
    return [
      { what: 'bare Fastify route', value: route.perSecond, unit: 'req/s' },
      { what: 'bare SQLite commits', value: commits, unit: 'commits/s' },
      { what: 'lists (20 chats)', value: lists.perSecond, unit: 'req/s' },
      { what: 'lists, p50', value: lists.p50, unit: 'ms' },
      { what: 'lists, p99', value: lists.p99, unit: 'ms' },
      { what: 'lists, CPU of the server', value: lists.cpuMicrosPerStep, unit: 'µs each' },
      { what: 'sends (each with its reply)', value: sends.perSecond, unit: 'req/s' },
      { what: 'sends, p50', value: sends.p50, unit: 'ms' },
      { what: 'sends, p99', value: sends.p99, unit: 'ms' },
      { what: 'sends, CPU of the server', value: sends.cpuMicrosPerStep, unit: 'µs each' },
      { what: 'lists : bare Fastify route', value: lists.perSecond / route.perSecond, unit: '×' },
      { what: 'sends : bare Fastify route', value: sends.perSecond / route.perSecond, unit: '×' },
      { what: 'sends : bare SQLite commits', value: sends.perSecond / commits, unit: '×' },
      { what: 'lists : bare SQLite commits', value: lists.perSecond / commits, unit: '×' },
    ];
  },
};

async function measureCommits(context) {
  const bare = await context.start(
    'bench/bare-sqlite/main.mjs',
    [context.newFolder(), '3'],
    /commits per second: (\S+)\n/,
  );
  await bare.stop();
  return Number(bare.match[1]);
}

const lister =
  ({ connection }) =>
  () =>
    connection.json('GET', '/api/v1/chats?limit=20');

/** Goes round its chats, so that the reply before has long been written. */
function sender({ connection, chats }) {
  let next = 0;
  return () => {
    const chat = chats[next++ % chats.length];
    return connection.json('POST', `/api/v1/chats/${chat}/messages`, { text: 'What is a database?' });
  };
}
