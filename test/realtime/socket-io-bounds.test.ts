import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { openPolling, openRaw } from './socket-io-client.ts';
import { startSocketIoServer, type SocketIoTestServer } from './socket-io-server.ts';

let server: SocketIoTestServer;
let cookie: string;
beforeAll(async () => {
  server = await startSocketIoServer();
  ({ cookie } = await server.newUser());
});
afterAll(() => server.close());

async function openConnected(port = server.port, secret = cookie) {
  const raw = await openRaw(port, { cookie: secret });
  raw.socket.send('40');
  await raw.frame('40');
  return raw;
}

const stillServes = async () => {
  const { socket, frame } = await openConnected();
  socket.send('42["send_message",{}]');
  expect(await frame('42')).toBe('42["error",{"message":"Invalid message data"}]');
  socket.terminate();
};

describe('a client that says too much', () => {
  const many = (count: number, packet: string) => Array.from({ length: count }, () => packet);

  it('has one listener, however many connects come together, and is cut at the second', async () => {
    const own = await startSocketIoServer();
    const user = await own.newUser();
    const follows = vi.spyOn(own.core.core.feed, 'follow');
    const { send, take } = await openPolling(own.url, user.cookie);
    await send('40', '40', '40');
    await expect.poll(() => own.readers.count('socket-io')).toBe(0);
    expect(await take()).toBe(400);
    expect(follows.mock.calls.length).toBeLessThanOrEqual(1);
    await own.close();
  });

  it('may leave the namespace and come back', async () => {
    const { socket, frame } = await openConnected();
    socket.send('41');
    // Refused in its turn: by then the packet before has been heard.
    socket.send('40/other,');
    await frame('44/other');
    socket.send('40');
    await frame('40', 1);
    socket.send('42["send_message",{}]');
    expect(await frame('42')).toBe('42["error",{"message":"Invalid message data"}]');
    socket.terminate();
  });

  it('is cut in the middle of a body that is more than it may say', async () => {
    const own = await startSocketIoServer();
    const user = await own.newUser();
    const { send, take } = await openPolling(own.url, user.cookie);
    expect(await send('40')).toBe(true);
    expect(await take()).toContain('40{');
    expect(await send(...many(90, '42["x"]'))).toBe(true);
    await send(...many(100, '42["x"]'));
    expect(await take()).toBe(400);
    expect(own.readers.count('socket-io')).toBe(0);
    await own.close();
  });

  it('is cut before a body of far too many packets has come to its end', async () => {
    const { url } = await openPolling(server.url, cookie);
    const post = request(url, { method: 'POST', headers: { 'content-length': 1_000_000 } });
    const broken = once(post, 'error');
    // Of the rest not a byte: there would be nothing to take apart yet.
    post.write(many(200, '4').join('\u001E'));
    await broken;
    await stillServes();
  });

  it.each([
    ['frames', (socket: WebSocket) => socket.send('42["x"]')],
    ['pings', (socket: WebSocket) => socket.ping()],
  ])('is cut at too many %s of a websocket', async (_name, say) => {
    const { socket, closed } = await openConnected();
    for (let said = 0; said < 200; said += 1) say(socket);
    await closed;
    await stillServes();
  });
});

describe('a login that ends', () => {
  it('closes a connection whose client has left the namespace, so that it cannot come back', async () => {
    const own = await startSocketIoServer();
    const user = await own.newUser();
    const { socket, frame, closed } = await openConnected(own.port, user.cookie);
    socket.send('41');
    socket.send('40/other,');
    await frame('44/other');
    const actor = await own.core.core.sessions.checkCookie(user.cookie.slice('session='.length));
    await own.core.core.sessions.close(actor);
    await closed;
    expect(own.readers.count('socket-io')).toBe(0);
    await own.close();
  });
});
