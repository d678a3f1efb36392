import { setTimeout as pause } from 'node:timers/promises';
import { startWithPeople } from '../load/people.mjs';

/** A user may have 50 connections. */
const full = { users: 200, each: 50, settleMs: 8_000 };
const small = { users: 8, each: 50, settleMs: 2_000 };
/** So that no process comes near its bound of open files. */
const clientProcesses = 2;
const kibibyte = 1_024;
const mebibyte = 1_024 * kibibyte;
const wires = { 'socket-io': 'Socket.IO', websocket: '/ws', sse: 'SSE' };

/** @type {import('../measurements.mjs').Measurement} */
export const idleConnections = {
  name: 'idle-connections',
  about: `resident memory of the server with ${(full.users * full.each).toLocaleString('en-US')} connections on which nobody speaks, 50 of each user`,
  async run(context) {
    const { users, each, settleMs } = context.small ? small : full;
    const count = users * each;
    const rows = [];
    for (const [wire, name] of Object.entries(wires)) {
      context.note(`${count.toLocaleString('en-US')} of ${name}`);
      const { server, people } = await startWithPeople(context, users);
      const clients = (persons, some) =>
        context.start(
          'bench/idle-clients/main.mjs',
          [server.url, wire, JSON.stringify(persons), String(some)],
          /open: \d+/,
        );
      // The first of its kind loads what all others use.
      await (await clients(people, users)).stop();
      await pause(settleMs / 5);
      const before = await server.residentBytes();

      const startedAt = performance.now();
      const share = users / clientProcesses;
      const opened = await Promise.all(
        Array.from({ length: clientProcesses }, (_, index) =>
          clients(people.slice(index * share, (index + 1) * share), count / clientProcesses),
        ),
      );
      const seconds = (performance.now() - startedAt) / 1_000;
      const after = await settled(server, settleMs);
      const open = await server.openStreams(wire);
      await Promise.all(opened.map(({ stop }) => stop()));
      await server.stop();
      if (open !== count) throw new Error(`Of ${count} connections there are ${open}`);
      rows.push(
        {
          what: `${name}: memory of a connection`,
          value: (after - before) / count / kibibyte,
          unit: 'KiB',
          most: 20,
        },
        { what: `${name}: memory of the whole server`, value: after / mebibyte, unit: 'MiB', most: 400 },
        { what: `${name}: connections opened`, value: count / seconds, unit: 'a second' },
      );
    }
    return rows;
  },
};

/** The least within a while: what the handshakes left behind is collected meanwhile. */
async function settled(server, ms) {
  const until = performance.now() + ms;
  let least = Infinity;
  while (performance.now() < until) {
    await pause(500);
    least = Math.min(least, await server.residentBytes());
  }
  return least;
}
