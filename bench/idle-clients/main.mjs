// node bench/idle-clients/main.mjs <url> <wire> '[{"token","cookie"},...]' <count>
// Opens so many connections, the users in turn, says "open" and keeps them without a word of its own until it is ended.
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

const [url = '', wire = '', people = '[]', count = '1'] = process.argv.slice(2);
const persons = JSON.parse(people);
const { hostname, port, host } = new URL(url);
const atOnce = 20;

const openSocket = (path, headers = {}) =>
  new WebSocket(url.replace(/^http/, 'ws') + path, { headers, perMessageDeflate: false });

/** Resolves when the server has let the client in. */
const open = {
  async 'socket-io'({ cookie }) {
    const socket = openSocket('/socket.io/?EIO=4&transport=websocket', { cookie });
    await new Promise((resolve, reject) => {
      socket.on('message', (bytes, isBinary) => {
        const packet = Buffer.isBuffer(bytes) && !isBinary ? bytes.toString() : '';
        if (packet.startsWith('0')) socket.send('40');
        else if (packet.startsWith('40')) resolve(undefined);
        else if (packet === '2') socket.send('3');
      });
      socket.once('error', reject);
    });
    socket.once('close', lost);
  },
  async websocket({ token }) {
    const socket = openSocket(`/ws?token=${token}`);
    await once(socket, 'open');
    socket.once('close', lost);
  },
  async sse({ token }) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /api/v1/events HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
    const [bytes] = await once(socket, 'data');
    if (!bytes.toString().startsWith('HTTP/1.1 200')) throw new Error(bytes.toString());
    socket.resume().once('close', lost);
  },
};

/** Figures of fewer connections than were asked for would be wrong. */
const lost = () => {
  console.error('A connection was closed by the server');
  process.exit(1);
};

let next = 0;
const work = async () => {
  for (let index = next++; index < Number(count); index = next++)
    await open[wire](persons[index % persons.length]);
};
await Promise.all(Array.from({ length: atOnce }, work));
console.log(`open: ${count}`);
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
