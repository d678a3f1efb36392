import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { HttpPart } from '../../src/http/create-http-app.ts';
import { listen } from '../../src/http/listen.ts';
import { createLogger } from '../../src/http/logger.ts';
import { createShutdown } from '../../src/http/shutdown.ts';
import { createTestApp } from './test-app.ts';

let app: FastifyInstance;
afterEach(() => app.close());

const log = createLogger({ level: 'silent' });

async function start(parts: readonly HttpPart[] = []): Promise<URL> {
  app = await createTestApp({ parts });
  return new URL(await listen(app, { host: '127.0.0.1', port: 0 }));
}

/** Everything that the server says to some bytes, until it closes. */
async function say(url: URL, bytes: string | Buffer): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => {
    // A reset is an end like any other here.
  });
  socket.write(bytes);
  return text(socket);
}

describe('bytes that are no request', () => {
  it.each([
    ['noise', 'hello\r\n\r\n', 400],
    ['binary noise', Buffer.from([0, 1, 2, 255, 13, 10, 13, 10]), 400],
    ['a TLS greeting', Buffer.from('160301020001000001fc0303', 'hex'), 400],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ['an address without end', `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('%s: a 4xx and the connection ends', async (_name, bytes, status) => {
    const url = await start();
    const answer = await say(url, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    expect((await fetch(new URL('/health', url))).status).toBe(200);
  });

  it.each(['/%', '/%zz', '/%c0%af', '/\u0000', '//', '/..%2f..%2fetc/passwd', '/api/chat/%ff'])(
    'the address %j is a 4xx',
    async (path) => {
      const url = await start();
      const answer = await say(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
    },
  );
});

/** A promise and what fulfils it. */
function gate() {
  let open = (): void => {
    // Replaced at once.
  };
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('a shutdown', () => {
  it('lets requests in flight finish, refuses new ones with 503, and closes in order', async () => {
    const steps: string[] = [];
    const reached = gate();
    const release = gate();
    const url = await start([
      (scope) => {
        scope.get('/slow', { config: { access: 'open' } }, async (_request, reply) => {
          // Its headers are out before the shutdown: they cannot say that the connection will close.
          reply.hijack();
          reply.raw.writeHead(200, { 'content-length': 4 });
          reply.raw.write('be');
          reached.open();
          await release.opened;
          reply.raw.end('en');
        });
        scope.get('/late', { config: { access: 'open' } }, () => ({}));
        scope.addHook('onError', async () => release.open());
      },
    ]);
    const socket = connect(Number(url.port), url.hostname);
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await reached.opened;

    const stop = createShutdown({
      apps: [app],
      log,
      drain: [async () => void steps.push('drained')],
      close: [async () => void steps.push('store closed')],
    });
    const stopped = stop();
    expect(stop()).toBe(stopped);
    // On a connection that is still at work, so that it stays open for it.
    socket.write('GET /late HTTP/1.1\r\nHost: x\r\n\r\n');

    const [first, second] = (await text(socket)).split(/(?=HTTP\/1.1 503)/);
    expect(first).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\nbeen$/);
    expect(second).toMatch(/retry-after: 5\r\n[^]*"code":"server-stopping"/);
    expect(second).toMatch(/connection: close\r\n/);
    await stopped;
    expect(steps).toEqual(['drained', 'store closed']);
    await expect(fetch(new URL('/health', url))).rejects.toThrow();
  });

  it('does not wait for connections on which nothing was said', async () => {
    const url = await start();
    const silent = connect(Number(url.port), url.hostname);
    await new Promise<void>((resolve) => app.server.once('connection', () => resolve()));
    const began = performance.now();
    await createShutdown({ apps: [app], log, drain: [], close: [], graceMs: 5_000 })();
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(await text(silent)).toBe('');
  });

  it('cuts what does not finish in its time', async () => {
    const reached = gate();
    const url = await start([
      (scope) => {
        scope.get('/never', { config: { access: 'open' } }, () => {
          reached.open();
          return new Promise(() => {
            // It never answers.
          });
        });
      },
    ]);
    const never = expect(fetch(new URL('/never', url))).rejects.toThrow();
    await reached.opened;
    await createShutdown({ apps: [app], log, drain: [], close: [], graceMs: 50 })();
    await never;
  });
});
