import { HttpConnection } from '../load/http-connection.mjs';
import { runLoad } from '../load/run-load.mjs';
import { newUsers } from '../load/sign-in.mjs';
import { mixedStep } from '../load/steps.mjs';

const connections = 16;

/** @type {import('../measurements.mjs').Measurement} */
export const mixedWork = {
  name: 'mixed-work',
  about: `create a chat, send, list, read the chat, in turn, at ${connections} connections with the basic provider`,
  async run(context) {
    const server = await context.startParlance();
    const users = await newUsers(server.url, connections);
    const workers = await Promise.all(
      users.map(async ({ token }) => mixedStep(await HttpConnection.open(server.url, { token }))),
    );
    const { perSecond, p50, p99, cpuMicrosPerStep } = await runLoad({
      workers,
      warmUpMs: 3_000,
      forMs: 8_000,
      cpuMicros: server.cpuMicros,
    });
    return [
      { what: 'mixed work', value: perSecond, unit: 'req/s', least: 8_000 },
      { what: 'mixed work, p50', value: p50, unit: 'ms' },
      { what: 'mixed work, p99', value: p99, unit: 'ms', most: 10 },
      { what: 'mixed work, CPU of the server', value: cpuMicrosPerStep, unit: 'µs each' },
    ];
  },
};
