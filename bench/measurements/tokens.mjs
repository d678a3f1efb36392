import { answerText } from '../../test/support/fake-ai/fake-ai.mjs';
import { startWithPeople } from '../load/people.mjs';
import { isWhole, SocketIoClient } from '../load/socket-io-client.mjs';
import { askParlance, askVendor, providerEnv, scriptOf } from '../load/streams.mjs';

const full = { streams: 80, script: { count: 4_000, rate: 0 } };
const small = { streams: 8, script: { count: 400, rate: 0 } };
const warmUp = { count: 200, rate: 0 };

/** @type {import('../measurements.mjs').Measurement} */
export const tokens = {
  name: 'tokens',
  about: `tokens a second from the AI through the database to ${full.streams} readers, as fast as it goes`,
  async run(context) {
    const { streams, script } = context.small ? small : full;
    const { url: vendor } = await context.startFakeAi();
    const { server, people } = await startWithPeople(context, streams, providerEnv(vendor));
    const clients = [];
    for (const person of people) clients.push(await SocketIoClient.connect(server.url, person));
    const askStream = ({ token, chatUuid: chat }, asked) => askParlance(server.url, { token, chat }, asked);
    const askSocket = ({ chatId }, asked, index) => clients[index].send(chatId, scriptOf(asked));
    const through = (ask, asked) => timed(people.map((person, index) => () => ask(person, asked, index)));

    const direct = await timed(people.map(() => () => askVendor(vendor, script)));
    const count = streams * script.count;
    const text = answerText(script.count);
    const rows = [{ what: 'tokens straight from the AI', value: count / direct.seconds, unit: 'tokens/s' }];
    const wires = [
      { wire: 'end to end', ask: askStream, isGood: (record) => record.replyText() === text },
      { wire: 'over Socket.IO', ask: askSocket, isGood: (record) => isWhole(record, text) },
    ];
    for (const { wire, ask, isGood } of wires) {
      await through(ask, warmUp);
      const cpuBefore = await server.cpuMicros();
      const { seconds, records } = await through(ask, script);
      const cpu = (await server.cpuMicros()) - cpuBefore;
      if (!records.every(isGood)) throw new Error('A reader did not get the text that the AI said');
      rows.push(
        { what: `tokens ${wire}`, value: count / seconds, unit: 'tokens/s', least: 50_000 },
        { what: `tokens ${wire}, CPU of the server`, value: cpu / count, unit: 'µs each' },
        { what: `${wire} : straight from the AI`, value: direct.seconds / seconds, unit: '×' },
      );
    }
    return rows;
  },
};

async function timed(streams) {
  const startedAt = performance.now();
  const records = await Promise.all(streams.map((start) => start()));
  return { records, seconds: (performance.now() - startedAt) / 1_000 };
}
