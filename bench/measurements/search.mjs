import { join } from 'node:path';
import { findServers } from '../databases/database-server.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { seedPeople } from '../load/people.mjs';
import { quantile } from '../load/quantile.mjs';
import { randomFrom, wordOf } from '../seed-words/words.mjs';

const large = { chats: 2_000, messagesEach: 500 };
const little = { chats: 20, messagesEach: 500 };
const searches = 100;
/** Of one kind on one engine. One that is too slow is known to be after a few. */
const mostMs = 10_000;

/** @type {import('../measurements.mjs').Measurement} */
export const search = {
  name: 'search',
  about: "searches over 1,000,000 messages, all of one user's, one after the other on each engine",
  async run(context) {
    const size = context.small ? little : large;
    const { seconds, places } = await seed(context, size);
    const messages = size.chats * size.messagesEach;
    const rows = [{ what: 'index made anew', value: messages / seconds, unit: 'messages a second of CPU' }];
    for (const [what, query] of Object.entries(queriesFrom(randomFrom(2)))) {
      const times = await askAll(places, query);
      for (const [index, { name }] of places.entries()) {
        const taken = times[index] ?? [];
        if (taken.length < searches)
          context.remark(`${name}: ${what} was asked ${taken.length} times, not ${searches}: it is slow.`);
        rows.push(
          { what: `${name}: ${what}, p50`, value: quantile(taken, 0.5), unit: 'ms' },
          { what: `${name}: ${what}, p95`, value: quantile(taken, 0.95), unit: 'ms', most: 100 },
        );
      }
    }
    return rows;
  },
};

/** The same rows on every engine, each with a server: they are indexed once, while the messages are copied. */
async function seed(context, size) {
  const { people, ...main } = await seedPeople(context, 1);
  const file = join(main.dataDir, 'parlance.db');
  const username = 'person0';
  const run = async (program, args, ready) => {
    const child = await context.start(`bench/${program}/main.mjs`, args, ready);
    await child.stop();
    return child.match[1];
  };
  context.note('messages');
  await run('seed-words', [file, JSON.stringify({ username, ...size })], /filled/);
  const [first] = people;
  const copies = [];
  for (const server of await findServers(context)) {
    const { url } = await context.newDatabase(server);
    const env = { ...main.env, DATABASE_URL: url };
    const { dataDir, stop } = await context.startParlance({ env });
    await stop();
    copies.push({ name: server.product, url, dataDir, env });
  }
  const copy = (tables) =>
    Promise.all(copies.map(({ url }) => run('copy-rows', [file, url, tables], /copied/)));
  context.note('index');
  const [seconds] = await Promise.all([
    run('index-words', [file, username], /indexed with (\S+) s/),
    copy('users,sessions,chats,messages'),
  ]);
  await copy('search_terms,search_marks');
  const places = [];
  for (const { name, ...place } of [{ name: 'SQLite', ...main }, ...copies]) {
    const { url } = await context.startParlance(place);
    places.push({ name, connection: await HttpConnection.open(url, { token: first.token }) });
  }
  return { seconds: Number(seconds), places };
}

/** Each query to all engines in turn: how long they took, engine by engine. @throws Error when one finds something else */
async function askAll(places, query) {
  const asked = places.map(({ connection }) => ({ connection, times: [], left: mostMs }));
  for (let count = 0; count < searches; count += 1) {
    const path = `/api/v1/search?q=${encodeURIComponent(query())}`;
    const answers = new Set();
    for (const one of asked.filter(({ left }) => left > 0)) {
      const startedAt = performance.now();
      const { status, body } = await one.connection.request('GET', path);
      const taken = performance.now() - startedAt;
      one.times.push(taken);
      one.left -= taken;
      answers.add(`${status} ${body}`);
    }
    if (answers.size > 1 || ![...answers].every((answer) => answer.startsWith('200 ')))
      throw new Error(
        `${path} was answered differently:\n${[...answers].map((answer) => answer.slice(0, 1_000)).join('\n')}`,
      );
  }
  return asked.map(({ times }) => times);
}

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
    'two frequent words, never together': () => 'evenside oddside',
    'no such word': () => `${common()} nowhere`,
  };
}
