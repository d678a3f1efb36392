import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { createHandshakeReader } from './handshake.ts';
import { createOriginPolicy } from './origins.ts';
import { refuseUpgrade, serveUpgrades } from './upgrades.ts';

let app: FastifyInstance;
afterEach(() => app.close());

async function handshake(
  path: string,
  headers: Record<string, string> = {},
  trustProxy = false,
): Promise<string> {
  app = fastify();
  app.decorate('origins', createOriginPolicy({ origins: ['https://chat.example.org'], loopback: true }));
  app.decorate('handshake', createHandshakeReader(trustProxy));
  app.decorate('stopping', path.includes('stopping'));
  // 418 stands for "taken over".
  const upgrade = (_request: unknown, socket: Parameters<typeof refuseUpgrade>[0]) =>
    refuseUpgrade(socket, 418);
  serveUpgrades(app, [
    { path: '/ws', upgrade, close: async () => undefined, anyLoopbackPort: true },
    { path: '/socket.io', upgrade, close: async () => undefined },
  ]);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value.replace('OWN', String(port))}\r\n`,
  );
  socket.write(`GET ${path} HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n${lines.join('')}\r\n`);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer.slice(9, 12);
}

it.each([
  ['/ws', {}, '418'],
  ['/ws/?token=x', {}, '418'],
  ['/socket.io/?EIO=4', { origin: 'https://chat.example.org' }, '418'],
  ['/socket.io/?EIO=4', { origin: 'http://127.0.0.1:OWN' }, '418'],
  ['/socket.io/?EIO=4', { origin: 'http://localhost:3000' }, '418'],
  ['/socket.io/?EIO=4', { origin: 'http://localhost:43210' }, '403'],
  ['/ws', { origin: 'http://localhost:43210' }, '418'],
  ['/ws', { origin: 'https://evil.example' }, '403'],
  ['/ws', { origin: 'null' }, '403'],
  ['/ws/more', {}, '404'],
  ['/', {}, '404'],
])('%s from %j is answered with %s', async (path, headers, status) => {
  expect(await handshake(path, headers as Record<string, string>)).toBe(status);
});

const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'parlance.example.org' };

it.each([
  { name: 'the page that the proxy saw', origin: 'https://parlance.example.org', status: '418' },
  { name: 'the same over http', origin: 'http://parlance.example.org', status: '403' },
  { name: 'the name that only we have', origin: 'http://127.0.0.1:OWN', status: '403' },
])('behind a proxy that is trusted, $name is answered with $status', async ({ origin, status }) => {
  expect(await handshake('/socket.io', { ...https, origin }, true)).toBe(status);
});

it.each([
  { name: 'what it says that it saw', origin: 'https://parlance.example.org', status: '403' },
  { name: 'our own name over https', origin: 'https://127.0.0.1:OWN', status: '418' },
])('behind one that is not, $name is answered with $status', async ({ origin, status }) => {
  expect(await handshake('/socket.io', { ...https, origin })).toBe(status);
});

it('is refused by a server that stops', async () => {
  expect(await handshake('/ws?stopping')).toBe('503');
});
