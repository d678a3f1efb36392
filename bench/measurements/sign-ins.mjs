import { setTimeout as pause } from 'node:timers/promises';
import { HttpConnection } from '../load/http-connection.mjs';
import { startWithPeople } from '../load/people.mjs';
import { quantile } from '../load/quantile.mjs';
import { runLoad } from '../load/run-load.mjs';
import { newUsers, password } from '../load/sign-in.mjs';
import { SocketIoClient, tokenPieces } from '../load/socket-io-client.mjs';
import { askVendor, providerEnv, scriptOf, stagger } from '../load/streams.mjs';

const connections = 16;
const readers = 10;
const rate = 20;
const warmUp = { count: 100, rate: 100 };
const full = { seconds: 6 };
const small = { seconds: 2 };

/** @type {import('../measurements.mjs').Measurement} */
export const signIns = {
  name: 'sign-ins',
  about: `sign-ins at ${connections} connections against a bare loop of argon2id, and how long the tokens of ${readers} other users wait for them`,
  async run(context) {
    const { seconds } = context.small ? small : full;
    const { url: vendor } = await context.startFakeAi();
    const { server, people } = await startWithPeople(context, readers, providerEnv(vendor));
    const users = await newUsers(server.url, connections, 'comer');
    const bareLoop = await context.start(
      'bench/bare-argon2/main.mjs',
      [server.dataDir, users[0].username, password, String(seconds)],
      /checks per second: (\S+)\n/,
    );
    await bareLoop.stop();
    const bare = Number(bareLoop.match[1]);

    const clients = [];
    for (const person of people) clients.push(await SocketIoClient.connect(server.url, person));
    const script = { count: seconds * rate, rate };
    const watch = () => lateness({ vendor, clients, people, script });
    // A server that has just started still compiles what is measured.
    for (let round = 0; round < 3; round += 1)
      await Promise.all(clients.map((client, index) => client.send(people[index].chatId, scriptOf(warmUp))));
    context.note('tokens without sign-ins');
    const quiet = await watch();
    context.note('tokens and sign-ins');
    const comers = await Promise.all(users.map((user) => comer(server.url, user)));
    const [load, busy] = await Promise.all([
      runLoad({ workers: comers, warmUpMs: 500, forMs: (seconds + 1) * 1_000 }),
      pause(1_000).then(watch),
    ]);
    for (const client of clients) client.close();
    return [
      { what: 'bare argon2id loop', value: bare, unit: 'checks/s' },
      { what: 'sign-ins', value: load.perSecond, unit: 'sign-ins/s' },
      { what: 'sign-ins, p50', value: load.p50, unit: 'ms' },
      { what: 'sign-ins : bare argon2id loop', value: load.perSecond / bare, unit: '×' },
      ...lateRows('without sign-ins', quiet),
      ...lateRows('with sign-ins', busy),
      ...[0.5, 0.99].map((share) => ({
        what: `delay of a token by sign-ins, p${share * 100}`,
        value: addedAt(busy, share) - addedAt(quiet, share),
        unit: 'ms',
      })),
    ];
  },
};

async function comer(url, { username }) {
  const connection = await HttpConnection.open(url);
  return () => connection.json('POST', '/api/v1/auth/sign-in', { login: username, password });
}

/** How late tokens are at the readers, and at somebody who asks the AI itself at the same time: milliseconds behind their rate. */
async function lateness({ vendor, clients, people, script }) {
  const everyMs = 1_000 / script.rate / people.length;
  const ask = people.flatMap(({ chatId }, index) => [
    () => askVendor(vendor, script).then((record) => behind(record.askedAt, spoken(record), script.rate)),
    () =>
      clients[index]
        .send(chatId, scriptOf(script))
        .then((record) => behind(record.askedAt, tokenPieces(record), script.rate)),
  ]);
  const delays = await stagger(ask, everyMs);
  return {
    straight: delays.filter((_, index) => index % 2 === 0).flat(),
    through: delays.filter((_, index) => index % 2 === 1).flat(),
  };
}

const spoken = ({ pieces }) =>
  pieces.map(({ at, bytes }) => ({
    at,
    text: [...bytes.toString().matchAll(/"content":"(t[^"]*)"/g)].map(([, text]) => text).join(''),
  }));

/** Every token ends with the only space in it. */
function behind(askedAt, pieces, rate) {
  const delays = [];
  for (const { at, text } of pieces)
    for (const character of text)
      if (character === ' ') delays.push(at - askedAt - (delays.length * 1_000) / rate);
  return delays;
}

const addedAt = ({ straight, through }, share) => quantile(through, share) - quantile(straight, share);

const lateRows = (when, times) =>
  Object.entries({ 'straight from the AI': times.straight, 'over Socket.IO': times.through }).flatMap(
    ([way, delays]) =>
      [0.5, 0.99].map((share) => ({
        what: `token ${way}, ${when}, p${share * 100}`,
        value: quantile(delays, share),
        unit: 'ms late',
      })),
  );
