import { once } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { noRateLimits } from '../../src/http/rate-limits.ts';
import { openRaw, path } from './socket-io-client.ts';
import { startSocketIoServer, type SocketIoTestServer } from './socket-io-server.ts';

let server: SocketIoTestServer;
afterEach(() => server.close());

const start = (rateLimits = noRateLimits) =>
  startSocketIoServer(undefined, undefined, { rateLimits, settings: { trustProxy: ['127.0.0.1'] } });

it('sends count for the address that a trusted proxy names', async () => {
  const take = vi.fn(noRateLimits.take);
  server = await start({ ...noRateLimits, take });
  const { cookie, chatId } = await server.newUser();
  const { socket, frame } = await openRaw(server.port, { cookie, 'x-forwarded-for': '203.0.113.7' });
  socket.send('40');
  await frame('40');
  socket.send(`42["send_message",{"chat_id":${chatId},"message":"hello"}]`);
  await expect.poll(() => take.mock.calls[0]?.[1].address).toBe('203.0.113.7');
  socket.terminate();
});

it('over https, of which a trusted proxy tells, only the cookie is read that http cannot set', async () => {
  server = await start();
  const { cookie } = await server.newUser();
  const https = { 'x-forwarded-proto': 'https' };
  const poll = (headers: Record<string, string>) =>
    fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { ...https, ...headers } });
  expect((await poll({ cookie })).ok).toBe(false);
  expect((await poll({ cookie: `__Host-${cookie}` })).ok).toBe(true);

  const refused = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers: { ...https, cookie } });
  await once(refused, 'error');
  const { socket, frame } = await openRaw(server.port, { ...https, cookie: `__Host-${cookie}` });
  await frame('0{');
  socket.terminate();
});
