import { HttpConnection } from '../load/http-connection.mjs';
import { median } from '../load/quantile.mjs';
import { runLoad } from '../load/run-load.mjs';
import { newUsers } from '../load/sign-in.mjs';

const small = { users: 1, chatsEach: 20, messagesEach: 50 };
const large = { users: 10, chatsEach: 200, messagesEach: 500 };
const rounds = 5;
const forMs = 1_500;

/** @type {import('../measurements.mjs').Measurement} */
export const scale = {
  name: 'scale',
  about: 'what a list, the last page of a chat and a send cost at 1,000,000 stored messages and at 1,000',
  async run(context) {
    const [little, much] = [await serverWith(context, small), await serverWith(context, large)];
    const rows = [];
    for (const name of ['list', 'page', 'send']) {
      const times = { little: [], much: [] };
      const cpu = { little: [], much: [] };
      for (let round = 0; round < rounds; round += 1) {
        for (const [key, server] of Object.entries({ little, much })) {
          const { p50, cpuMicrosPerStep } = await runLoad({
            workers: [server.steps[name]],
            warmUpMs: 500,
            forMs,
            cpuMicros: server.cpuMicros,
          });
          times[key].push(p50);
          cpu[key].push(cpuMicrosPerStep);
        }
      }
      const [cpuLittle, cpuMuch] = [median(cpu.little), median(cpu.much)];
      rows.push(
        { what: `${name}: p50 at 1,000 messages`, value: median(times.little), unit: 'ms' },
        { what: `${name}: p50 at 1,000,000 messages`, value: median(times.much), unit: 'ms' },
        { what: `${name}: CPU at 1,000 messages`, value: cpuLittle, unit: 'µs each' },
        { what: `${name}: CPU at 1,000,000 messages`, value: cpuMuch, unit: 'µs each' },
        {
          what: `${name}: time at 1,000,000 : at 1,000`,
          value: median(times.much) / median(times.little),
          unit: '×',
          most: 1.2,
        },
        { what: `${name}: CPU at 1,000,000 : at 1,000`, value: cpuMuch / cpuLittle, unit: '×', most: 1.2 },
      );
    }
    return rows;
  },
};

async function serverWith(context, { users, chatsEach, messagesEach }) {
  const empty = await context.startParlance();
  const people = await newUsers(empty.url, users);
  await empty.stop();
  const plan = { usernames: people.map(({ username }) => username), chatsEach, messagesEach };
  const seeding = await context.start('bench/seed/main.mjs', [empty.dataDir, JSON.stringify(plan)], /seeded/);
  await seeding.stop();

  const server = await context.startParlance({ dataDir: empty.dataDir });
  const [{ token }] = people;
  const connection = await HttpConnection.open(server.url, token);
  const chats = await allChats(connection);
  return { cpuMicros: server.cpuMicros, steps: stepsOf(connection, chats) };
}

async function allChats(connection) {
  const ids = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await connection.json(
      'GET',
      `/api/v1/chats?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

/** Each goes round all chats of the user. */
function stepsOf(connection, chats) {
  let next = 0;
  const chat = () => chats[next++ % chats.length];
  return {
    list: () => connection.json('GET', '/api/v1/chats?limit=20'),
    page: () => connection.json('GET', `/api/v1/chats/${chat()}/messages?limit=20`),
    send: () => connection.json('POST', `/api/v1/chats/${chat()}/messages`, { text: 'What is a database?' }),
  };
}
