import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWebSocketServer, type WebSocketTestServer } from './websocket-server.ts';

let server: WebSocketTestServer;
afterEach(() => server.close());

const open = async (path = '/'): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
  await once(socket, 'open');
  return socket;
};
const closed = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];
const said = async (socket: WebSocket): Promise<string> => String((await once(socket, 'message'))[0]);

const handshake = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** A connection of which the test writes every byte. */
async function openRaw(lines = handshake): Promise<{ socket: Socket; head: string }> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  return { socket, head: head.toString('latin1') };
}

/** Everybody else is served as before. */
async function expectService(): Promise<void> {
  const socket = await open();
  socket.send('still there?');
  expect(await said(socket)).toBe('still there?');
  socket.close();
  await closed(socket);
}

describe('the handshake', () => {
  it('is refused before it is completed where nobody is known', async () => {
    server = await startWebSocketServer();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/?token=no`);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    expect(server.readers.count('websocket')).toBe(0);
  });

  it('waits for whoever finds out, and what is said meanwhile is not lost', async () => {
    let know: (() => void) | undefined;
    server = await startWebSocketServer({}, () => new Promise<void>((resolve) => (know = resolve)));
    const socket = connect(server.port, '127.0.0.1');
    const hello = Buffer.from([0x81, 0x82, 0, 0, 0, 0, ...Buffer.from('hi')]);
    socket.write(Buffer.concat([Buffer.from(`${handshake.join('\r\n')}\r\n\r\n`), hello]));
    await expect.poll(() => know).toBeDefined();
    socket.write(hello);
    know?.();
    await expect.poll(() => server.heard).toEqual(['hi', 'hi']);
    socket.destroy();
  });

  it.each([
    ['another version', handshake.with(4, 'Sec-WebSocket-Version: 99'), 400],
    ['no key', handshake.toSpliced(5, 1), 400],
    ['a key that is none', handshake.with(5, 'Sec-WebSocket-Key: x'), 400],
    ['another method', handshake.with(0, 'POST / HTTP/1.1'), 405],
    ['another protocol', handshake.with(2, 'Upgrade: h2c'), 400],
  ])('%s is refused, and takes nobody’s place', async (_name, lines, status) => {
    server = await startWebSocketServer();
    const { socket, head } = await openRaw(lines);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (!socket.closed) await once(socket, 'close');
    await expect.poll(() => server.readers.count('websocket')).toBe(0);
    await expectService();
  });

  it('offers no compression', async () => {
    server = await startWebSocketServer();
    const { socket, head } = await openRaw([...handshake, 'Sec-WebSocket-Extensions: permessage-deflate']);
    expect(head).not.toMatch(/permessage-deflate/i);
    socket.destroy();
  });

  it('counts connections, and lets no more in than a user may have', async () => {
    server = await startWebSocketServer();
    const sockets = [await open(), await open(), await open()];
    expect(server.readers.count('websocket')).toBe(3);
    await expect(open()).rejects.toThrow('403');
    sockets[0]?.close();
    await expect.poll(() => server.readers.count('websocket')).toBe(2);
    await expectService();
  });
});

describe('frames', () => {
  it('of the largest size are heard; a byte more ends the connection with 1009', async () => {
    server = await startWebSocketServer({ frameBytes: 1_000 });
    const socket = await open();
    socket.send('x'.repeat(1_000));
    expect(await said(socket)).toHaveLength(1_000);
    socket.send('x'.repeat(1_001));
    expect(await closed(socket)).toBe(1009);
    await expectService();
  });

  it('of bytes are told from text', async () => {
    server = await startWebSocketServer();
    const socket = await open();
    socket.send(Buffer.from([0, 255]));
    expect(await said(socket)).toBe('binary');
    socket.send(Buffer.from('text'), { binary: false });
    expect(await said(socket)).toBe('text');
  });

  it.each([
    ['not masked', [0x81, 0x01, 0x61], 1002],
    ['reserved bits', [0xf1, 0x80, 0, 0, 0, 0], 1002],
    ['an opcode that does not exist', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a long ping', [0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0], 1002],
    ['a ping in pieces', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['the rest of nothing', [0x80, 0x80, 0, 0, 0, 0], 1002],
    ['a length of 2^63', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009],
    ['a length of 2^53', [0x81, 0xff, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009],
    ['text that is not UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
    ['half a surrogate pair', [0x81, 0x83, 0, 0, 0, 0, 0xed, 0xa0, 0x80], 1007],
    ['a close code that is none', [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe7], 1002],
  ])('%s: the connection is closed with a code', async (_name, bytes, code) => {
    server = await startWebSocketServer();
    const { socket } = await openRaw();
    socket.write(Buffer.from(bytes));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect([answer[0], answer.readUInt16BE(2)]).toEqual([0x88, code]);
    await once(socket, 'close');
    expect(server.heard).toEqual([]);
    await expectService();
  });

  it('that come faster than anybody types end the connection with 1008', async () => {
    server = await startWebSocketServer({ framesAtOnce: 10, framesPerSecond: 1 });
    const socket = await open();
    for (let count = 0; count < 50; count += 1) socket.send(`${count}`);
    expect(await closed(socket)).toBe(1008);
    expect(server.heard).toHaveLength(10);
    await expectService();
  });

  it('so do pings', async () => {
    server = await startWebSocketServer({ framesAtOnce: 10, framesPerSecond: 1 });
    const socket = await open();
    for (let count = 0; count < 50; count += 1) socket.ping();
    expect(await closed(socket)).toBe(1008);
  });
});

describe('a client', () => {
  it('that does not read is cut at its backlog, and only then', async () => {
    server = await startWebSocketServer({ backlogBytes: 1024 * 1024 });
    const slow = await open();
    slow.pause();
    const [connection] = server.connections;
    const frame = 'x'.repeat(64 * 1024);
    let taken = 0;
    let frames = 0;
    while (!connection?.signal.aborted && frames < 1_000) {
      connection?.send(frame, () => (taken += 1));
      frames += 1;
      // What the network takes, it takes between two turns.
      await new Promise((resolve) => setImmediate(resolve));
    }
    // 1 MiB lies here, the rest in the network.
    expect(frames - taken).toBeGreaterThanOrEqual(16);
    expect(frames - taken).toBeLessThanOrEqual(19);
    await expect.poll(() => server.readers.count('websocket')).toBe(0);
    slow.terminate();
    await expectService();
  });

  it('gets a frame that is larger than the backlog where it keeps up', async () => {
    server = await startWebSocketServer({ backlogBytes: 10_000 });
    const socket = await open();
    const text = 'x'.repeat(5_000_000);
    server.connections[0]?.send(text);
    expect(await said(socket)).toHaveLength(text.length);
    server.connections[0]?.send('more');
    expect(await said(socket)).toBe('more');
  });

  it('that is gone without a word is found out', async () => {
    server = await startWebSocketServer({ heartbeatMs: 20 });
    const { socket } = await openRaw();
    // It reads, and answers no ping.
    socket.resume();
    await once(socket, 'close');
    await expect.poll(() => server.readers.count('websocket')).toBe(0);
  });

  it('that answers stays', async () => {
    server = await startWebSocketServer({ heartbeatMs: 20 });
    const socket = await open();
    for (let count = 0; count < 5; count += 1) await once(socket, 'ping');
    socket.send('here');
    expect(await said(socket)).toBe('here');
  });

  it('whose login ends is closed, and hears nothing more', async () => {
    server = await startWebSocketServer({ farewellMs: 50 });
    const socket = await open();
    const { socket: mute } = await openRaw();
    const received: Buffer[] = [];
    mute.on('data', (bytes: Buffer) => received.push(bytes));
    // One that does not answer the end is cut.
    const ends = Promise.all([closed(socket), once(mute, 'close')]);
    server.endLogin();
    for (const connection of server.connections) connection.send('secret');
    expect((await ends)[0]).toBe(1008);
    const end = Buffer.concat(received);
    expect(end[0]).toBe(0x88);
    expect(end.toString()).not.toContain('secret');
  });

  it('whose login ends loses what it has not read', async () => {
    server = await startWebSocketServer({ backlogBytes: 64 * 1024 * 1024 });
    const { socket } = await openRaw();
    socket.pause();
    const [connection] = server.connections;
    connection?.send('x'.repeat(32 * 1024 * 1024));
    server.endLogin();
    let received = 0;
    socket.on('data', (bytes: Buffer) => (received += bytes.length));
    socket.resume();
    await once(socket, 'close');
    expect(received).toBeLessThan(32 * 1024 * 1024);
  });

  it('is told to come back when the server stops', async () => {
    server = await startWebSocketServer();
    const socket = await open();
    server.readers.close();
    expect(await closed(socket)).toBe(1012);
    await expect(open()).rejects.toThrow('403');
  });
});
