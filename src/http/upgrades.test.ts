import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { createOriginPolicy } from './origins.ts';
import { refuseUpgrade, serveUpgrades } from './upgrades.ts';

let app: FastifyInstance;
afterEach(() => app.close());

async function handshake(path: string, headers: Record<string, string> = {}): Promise<string> {
  app = fastify();
  app.decorate('origins', createOriginPolicy({ origins: ['https://chat.example.org'], loopback: true }));
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

it('is refused by a server that stops', async () => {
  expect(await handshake('/ws?stopping')).toBe('503');
});
