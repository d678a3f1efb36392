import { HttpConnection } from '../load/http-connection.mjs';
import { quantile } from '../load/quantile.mjs';
import { newUsers } from '../load/sign-in.mjs';
import { randomFrom, wordOf } from '../seed-words/words.mjs';

const large = { chats: 2_000, messagesEach: 500 };
const little = { chats: 20, messagesEach: 500 };
const searches = 100;

/** @type {import('../measurements.mjs').Measurement} */
export const search = {
  name: 'search',
  about: "searches over 1,000,000 messages, all of one user's, one after the other",
  async run(context) {
    const { dataDir, url, stop } = await context.startParlance();
    const [person] = await newUsers(url, 1);
    await stop();
    const { chats, messagesEach } = context.small ? little : large;
    const plan = JSON.stringify({ username: person.username, chats, messagesEach });
    const seeding = await context.start('bench/seed-words/main.mjs', [dataDir, plan], /indexed in (\S+) s/);
    await seeding.stop();
    const server = await context.startParlance({ dataDir });
    const connection = await HttpConnection.open(server.url, { token: person.token });
    const rows = [
      {
        what: 'index made anew',
        value: (chats * messagesEach) / Number(seeding.match[1]),
        unit: 'messages/s',
      },
    ];
    for (const [what, query] of Object.entries(queriesFrom(randomFrom(2)))) {
      const times = [];
      for (let count = 0; count < searches; count += 1) {
        const q = encodeURIComponent(query());
        const startedAt = performance.now();
        await connection.json('GET', `/api/v1/search?q=${q}`);
        times.push(performance.now() - startedAt);
      }
      rows.push(
        { what: `${what}, p50`, value: quantile(times, 0.5), unit: 'ms' },
        { what: `${what}, p95`, value: quantile(times, 0.95), unit: 'ms', most: 100 },
      );
    }
    return rows;
  },
};

/** @param {() => number} random */
function queriesFrom(random) {
  const between = (from, to) => wordOf(from + Math.floor(random() * (to - from)));
  const rare = () => between(20_000, 50_000);
  const common = () => between(1, 100);
  return {
    'one rare word': rare,
    'one common word': common,
    'a rare and a common word': () => `${rare()} ${common()}`,
    'two common words': () => `${common()} ${common()}`,
    'two common words, side by side': () => `"${common()} ${common()}"`,
    'two words of half of all messages, never in the same': () => 'evenside oddside',
    'no such word': () => `${common()} nowhere`,
  };
}
