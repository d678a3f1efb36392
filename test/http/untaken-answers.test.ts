import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import type { UntakenLimits } from '../../src/http/untaken-answers.ts';
import { createTestApp } from './test-app.ts';

const mebibyte = 1024 * 1024;
const heavy = 'x'.repeat(16 * mebibyte);

let app: FastifyInstance | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app?.close();
});

async function start(untaken: Partial<UntakenLimits>): Promise<string> {
  const config = { access: 'open' } as const;
  app = await createTestApp({
    untaken,
    parts: [
      (scope) => {
        scope.get('/heavy', { config }, () => heavy);
        scope.get('/light', { config }, () => 'x'.repeat(60_000));
        scope.post('/heavy', { config }, () => heavy);
      },
    ],
  });
  return listen(app, { host: '127.0.0.1', port: 0 });
}

/** Resolves when the answer has begun, of which nothing more is read. */
async function askAndStop(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => {}).write(`GET /heavy HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

describe('answers that are not read', () => {
  it('are so many at once for each caller, and one more when they are gone', async () => {
    const url = await start({ perCaller: 40 * mebibyte });
    const [first] = [await askAndStop(url), await askAndStop(url)];
    const refused = await fetch(`${url}/heavy`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await refused.json()) as object).toMatchObject({ code: 'too-many-requests' });
    expect((await fetch(`${url}/light`)).status).toBe(200);

    first?.destroy();
    await expect.poll(async () => (await fetch(`${url}/heavy`)).status).toBe(200);
  });

  it('do not keep a change from being told, nor a single one from being read', async () => {
    const url = await start({ perCaller: mebibyte });
    await askAndStop(url);
    expect((await (await fetch(`${url}/heavy`, { method: 'POST' })).text()).length).toBe(heavy.length);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(async () => (await (await fetch(`${url}/heavy`)).text()).length).toBe(heavy.length);
  });

  it('are given up after a while, and a caller that only waits between two requests is not', async () => {
    const url = await start({ stallMs: 750 });
    expect((await (await fetch(`${url}/heavy`)).text()).length).toBe(heavy.length);
    await askAndStop(url);
    const of = () => [...(app?.connections ?? [])];
    const stalled = of().find((socket) => socket.writableLength > 0);
    if (!stalled) throw new Error('Nothing was left unread');
    await once(stalled, 'close');
    // The connection of the first request waits for the next one.
    expect(of()).toHaveLength(1);
  });
});
