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
    const folders = [await seeded(context, small), await seeded(context, large)];
    const [little, much] = await Promise.all(folders.map((folder) => serverOn(context, folder)));
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

/** A data folder with so much in it, and a login of its first user. */
async function seeded(context, { users, chatsEach, messagesEach }) {
  const { dataDir, url, stop } = await context.startParlance();
  const people = await newUsers(url, users);
  await stop();
  const plan = { usernames: people.map(({ username }) => username), chatsEach, messagesEach };
  const seeding = await context.start('bench/seed/main.mjs', [dataDir, JSON.stringify(plan)], /seeded/);
  await seeding.stop();
  return { dataDir, token: people[0].token };
}

async function serverOn(context, { dataDir, token }) {
  const { url, cpuMicros } = await context.startParlance({ dataDir });
  const connection = await HttpConnection.open(url, { token });
  return { cpuMicros, steps: stepsOf(connection, await allChats(connection)) };
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
