import { answerText } from '../../test/support/fake-ai/fake-ai.mjs';
import { startWithPeople } from '../load/people.mjs';
import { quantile } from '../load/quantile.mjs';
import * as socketIo from '../load/socket-io-client.mjs';
import { askVendor, keepRunning, providerEnv, scriptOf } from '../load/streams.mjs';
import * as ws from '../load/ws-client.mjs';

const rate = 20;
const full = { turns: 60, levels: [200, 1_000], count: 80 };
const small = { turns: 6, levels: [20], count: 20 };

/** Every client is a user of its own. `first` marks its first token, on a wire that has tokens. */
const wires = [
  {
    name: 'Socket.IO',
    connect: (url, person) => socketIo.SocketIoClient.connect(url, person),
    send: (client, { chatId }, text) => client.send(chatId, text),
    isWhole: socketIo.isWhole,
    first: socketIo.tokenMark,
  },
  {
    name: '/ws',
    connect: (url, person) => ws.WsClient.connect(url, person),
    send: (client, { chatUuid }, text) => client.send(chatUuid, text),
    isWhole: ws.isWhole,
  },
];

/** @type {import('../measurements.mjs').Measurement} */
export const socketStreams = {
  name: 'socket-streams',
  about: `replies of ${rate} tokens/s to 1, 200 and 1,000 readers at the same time over Socket.IO, and over /ws, which tells whole replies`,
  async run(context) {
    const { turns, levels, count } = context.small ? small : full;
    const { url: vendor } = await context.startFakeAi();
    const { server, people } = await startWithPeople(context, Math.max(...levels), providerEnv(vendor));
    const rows = await oneStream({ context, vendor, server, person: people[0], turns });
    for (const level of levels) {
      const scene = { context, server, people: people.slice(0, level), script: { count, rate } };
      context.note(`${level} streams straight from the AI`);
      const straight = await hold(scene, () => askVendor(vendor, scene.script));
      const direct = straight.second.filter((record) => record !== undefined);
      for (const wire of wires) rows.push(...(await manyStreams(scene, wire, direct)));
    }
    return rows;
  },
};

/** Each wire and the bare AI in turn, so that all see the same machine. */
async function oneStream({ context, vendor, server, person, turns }) {
  context.note('1 stream');
  const script = { count: 2, rate };
  const direct = [];
  const readers = [];
  for (const wire of wires)
    readers.push({ wire, records: [], client: await wire.connect(server.url, person) });
  for (let turn = 0; turn < turns; turn += 1) {
    direct.push(await askVendor(vendor, script));
    for (const { wire, client, records } of readers)
      records.push(await wire.send(client, person, scriptOf(script)));
  }
  const rows = [];
  const warm = turns / 3;
  for (const { wire, client, records } of readers) {
    client.close();
    const through = records.slice(warm);
    const added = { wire, name: `${wire.name}, 1 stream`, direct: direct.slice(warm), through };
    rows.push(...addedRows({ ...added, most: { p50: 2, p99: 15 } }));
  }
  return rows;
}

async function manyStreams(scene, wire, direct) {
  const { context, server, people, script } = scene;
  const streams = people.length.toLocaleString('en-US');
  const name = `${wire.name}, ${streams} streams`;
  context.note(name);
  const clients = [];
  for (const person of people) clients.push(await wire.connect(server.url, person));
  const cpuBefore = await server.cpuMicros();
  const { first, second } = await hold(scene, (person, index) =>
    wire.send(clients[index], person, scriptOf(script)),
  );
  const cpu = (await server.cpuMicros()) - cpuBefore;
  for (const client of clients) client.close();

  const text = answerText(script.count);
  const whole = (record) => record !== undefined && wire.isWhole(record, text);
  const replies = 2 * people.length;
  const lost = replies - [...first, ...second].filter(whole).length;
  const through = second.filter(whole);
  const most = people.length > 200 ? {} : { p50: 5, p99: 15 };
  return [
    {
      what: `${name}: replies lost or altered`,
      value: lost,
      unit: `of ${replies.toLocaleString('en-US')}`,
      most: 0,
    },
    ...addedRows({ wire, name, direct, through, most }),
    {
      what: `${name}: CPU of the server for a token`,
      value: cpu / (replies * script.count),
      unit: 'µs',
    },
  ];
}

/** A stream of everybody at all times. */
function hold({ context, people, script }, start) {
  let isFirstFailure = true;
  const everyMs = ((script.count / script.rate) * 1_000) / people.length;
  return keepRunning(
    people.map((person, index) => () => start(person, index)),
    everyMs,
    ({ message }) => {
      if (isFirstFailure) context.note(`a stream failed: ${message}`);
      isFirstFailure = false;
    },
  );
}

/** What the server adds to the time until the first token, and until the reply is there. */
function addedRows({ wire: { first }, name, direct, through, most }) {
  const row = (what, share, { most: limit, ...times }) => ({
    what: `${name}: ${what} added, p${share * 100}`,
    value: quantile(times.through, share) - quantile(times.direct, share),
    unit: 'ms',
    ...(limit === undefined ? {} : { most: limit }),
  });
  const firsts = first && {
    direct: direct.map((record) => record.delayOf('"content":"t')),
    through: through.map((record) => record.delayOf(first)),
  };
  const wholes = {
    direct: direct.map(({ duration }) => duration),
    through: through.map(({ duration }) => duration),
  };
  return [
    ...(firsts === undefined
      ? []
      : [
          row('first token', 0.5, { ...firsts, most: most.p50 }),
          row('first token', 0.99, { ...firsts, most: most.p99 }),
        ]),
    row('whole reply', 0.5, wholes),
    row('whole reply', 0.99, wholes),
  ];
}
