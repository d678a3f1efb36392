import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTrap, type Server as Trap } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteImages } from '../../src/core/ports.ts';
import { createRemoteImages } from '../../src/egress/create-remote-images.ts';
import { AddressRefused, type Resolve } from '../../src/egress/guarded-connector.ts';
import { isPublicAddress } from '../../src/egress/public-address.ts';
import { refused } from '../support/logins.ts';
import { forbiddenAddresses } from './forbidden-addresses.ts';
import { pngOf } from '../support/made-images.ts';

/** Names as an attacker has them resolved, one answer after the other. */
const names = new Map<string, string[][]>();
const resolved: string[] = [];
const resolve: Resolve = async (name) => {
  resolved.push(name);
  const answers = names.get(name) ?? [['127.0.0.1']];
  const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

let trap: Trap;
let trapPort = 0;
let caught = 0;
let site: Server;
let sitePort = 0;
let serve: RequestListener;
const image = pngOf({ width: 4, height: 4 });
const signal = new AbortController().signal;

beforeAll(async () => {
  // On every address of this machine.
  trap = createTrap((socket) => {
    caught += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => trap.listen(0, '::', listening));
  trapPort = (trap.address() as AddressInfo).port;
  site = createServer((request, response) => serve(request, response));
  await new Promise<void>((listening) => site.listen(0, '127.0.0.3', listening));
  sitePort = (site.address() as AddressInfo).port;
});
afterAll(() => {
  trap.close();
  site.closeAllConnections();
  site.close();
});
beforeEach(() => {
  names.clear();
  resolved.length = 0;
  caught = 0;
  serve = (_request, response) => response.end(image);
});

/** As in production, but for the ports. */
const guarded = () =>
  createRemoteImages({ limitBytes: 10_000, ports: [trapPort, sitePort, 80, 443], resolve });
/** One to which this machine's site is an address of the public internet. */
const lenient = (settings: { timeoutMs?: number } = {}) =>
  createRemoteImages({
    limitBytes: 10_000,
    ports: [trapPort, sitePort],
    resolve,
    isAllowed: (address) => address === '127.0.0.3' || isPublicAddress(address),
    ...settings,
  });

/** As it may happen at any moment. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

async function* endless() {
  for (;;) yield Buffer.alloc(4_000);
}

async function reasonOf(images: RemoteImages, url: string): Promise<Error> {
  const failure = await images.fetch(url, signal).then(
    () => new Error('It was fetched'),
    (thrown: unknown) => thrown as Error,
  );
  await images.close();
  expect(failure).toEqual(refused('image-not-fetched'));
  return failure.cause as Error;
}

/** This machine's own, on whatever networks it has. */
const own = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .filter(({ scopeid }) => !scopeid)
  .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));

describe('nothing is connected to at', () => {
  it.each(forbiddenAddresses)('%s', async (host) => {
    expect(await reasonOf(guarded(), `http://${host}:${trapPort}/`)).toBeInstanceOf(AddressRefused);
    expect([caught, resolved]).toEqual([0, []]);
  });

  it('any address of this machine', async () => {
    const reachable = own.filter((host) => !isPublicAddress(host.replace(/^\[(.*)\]$/, '$1')));
    expect(reachable).toContain('127.0.0.1');
    for (const host of reachable) {
      expect(await reasonOf(guarded(), `http://${host}:${trapPort}/`)).toBeInstanceOf(AddressRefused);
    }
    expect(caught).toBe(0);
  });

  it.each([
    ['localhost', ['127.0.0.1']],
    ['LOCALHOST', ['::1']],
    ['localhost.', ['127.0.0.1']],
    ['innocent.example', ['10.0.0.7']],
    ['six.example', ['::1']],
    ['mapped.example', ['::ffff:127.0.0.1']],
    ['mapped-hex.example', ['::ffff:7f00:1']],
    ['nat64.example', ['64:ff9b::7f00:1']],
    ['scoped.example', ['fe80::1%lo']],
    ['metadata.google.internal', ['169.254.169.254']],
    ['both.example', ['93.184.215.14', '127.0.0.1']],
    ['both-again.example', ['127.0.0.1', '93.184.215.14']],
    ['nowhere.example', []],
    ['127.0.0.1.nip.example', ['127.0.0.1']],
    ['lo\u00adcalhost', ['127.0.0.1']],
  ])('a name that is %s', async (name, all) => {
    for (const one of [name.toLowerCase().replaceAll('\u00ad', ''), name]) names.set(one, [all]);
    for (const scheme of ['http', 'https']) {
      const reason = await reasonOf(guarded(), `${scheme}://${name}:${trapPort}/`);
      expect(reason).toBeInstanceOf(AddressRefused);
    }
    expect(caught).toBe(0);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/x.png',
    'gopher://127.0.0.1/1',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    'unix:/var/run/docker.sock',
    'http:127.0.0.1:22',
    'http://user:password@127.0.0.1/',
    'http://@127.0.0.1:1/',
    'http://example.org:22/',
    'http://example.org:6379/',
    '//127.0.0.1/',
    '/uploads/x',
    'http://',
    'http://[::1',
    'http://1.2.3.4.5.6.7/',
    '',
    `http://example.org/${'x'.repeat(3_000)}`,
  ])('what is no address of the web: %s', async (url) => {
    expect(await reasonOf(createRemoteImages({ limitBytes: 10, resolve }), url)).toBeInstanceOf(Error);
    expect([caught, resolved]).toEqual([0, []]);
  });

  it('the place to which an allowed one leads on', async () => {
    const targets = [
      'http://127.0.0.1:PORT/',
      'http://[::1]:PORT/',
      '//127.0.0.1:PORT/',
      'http://inside.example:PORT/',
    ];
    for (const target of targets) {
      serve = (_request, response) =>
        response.writeHead(302, { location: target.replace('PORT', String(trapPort)) }).end();
      expect(await reasonOf(lenient(), `http://127.0.0.3:${sitePort}/`)).toBeInstanceOf(AddressRefused);
    }
    for (const target of ['file:///etc/passwd', 'http://a:b@127.0.0.3/', 'http://127.0.0.3:22/']) {
      serve = (_request, response) => response.writeHead(301, { location: target }).end();
      expect((await reasonOf(lenient(), `http://127.0.0.3:${sitePort}/`)).message).toMatch(
        /^It (is not|carries|names)/,
      );
    }
    expect(caught).toBe(0);
  });

  it('the place to which a name changes after it was looked at', async () => {
    const turning = `turning.example`;
    names.set(turning, [['127.0.0.3'], ['127.0.0.1']]);
    serve = (_request, response) =>
      response.writeHead(302, { location: `http://${turning}:${sitePort}/again` }).end();
    expect(await reasonOf(lenient(), `http://${turning}:${sitePort}/`)).toBeInstanceOf(AddressRefused);
    expect([resolved, caught]).toEqual([[turning, turning], 0]);
  });
});

describe('an image on the public internet', () => {
  it('is fetched, by the name that was resolved once, and led on to thrice', async () => {
    names.set('pictures.example', [['127.0.0.3']]);
    let left = 3;
    serve = (request, response) => {
      expect(request.headers).not.toHaveProperty('cookie');
      left -= 1;
      if (left < 0) response.end(image);
      else response.writeHead(307, { location: `/${left}` }).end();
    };
    const images = lenient();
    const { mediaType, bytes } = await images.fetch(`http://pictures.example:${sitePort}/a.png`, signal);
    await images.close();
    expect([mediaType, Buffer.from(bytes)]).toEqual(['image/png', image]);
    expect(resolved).toHaveLength(4);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'leads on for ever',
      (_request, response) => response.writeHead(302, { location: '/' }).end(),
      /too often/,
    ],
    ['is not there', (_request, response) => response.writeHead(404).end(image), /answered 404/],
    [
      'is a page',
      (_request, response) => response.setHeader('content-type', 'image/png').end('<html>'),
      /no image/,
    ],
    [
      'is a drawing',
      (_request, response) => response.end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /no image/,
    ],
    ['never ends', (_request, response) => void Readable.from(endless()).pipe(response), /too large/],
    ['is silent', () => undefined, /timeout/],
    ['begins, and is silent', (_request, response) => void response.write(image.subarray(0, 10)), /timeout/],
    ['breaks off', (request) => request.socket.destroy(), /closed/],
  ])('is not, where it %s', async (_name, listener, why) => {
    serve = listener;
    const reason = await reasonOf(lenient({ timeoutMs: 400 }), `http://127.0.0.3:${sitePort}/`);
    expect(reason.message).toMatch(why);
    site.closeAllConnections();
  });

  it('is given up in time also where memory is collected meanwhile', async () => {
    serve = () => collectGarbage();
    const reason = await reasonOf(lenient({ timeoutMs: 400 }), `http://127.0.0.3:${sitePort}/`);
    expect(reason.message).toMatch(/timeout/);
    site.closeAllConnections();
  });

  it('is given up when nobody waits for it any more', async () => {
    const abort = new AbortController();
    serve = () => abort.abort(new Error('nobody waits'));
    const images = lenient();
    await expect(images.fetch(`http://127.0.0.3:${sitePort}/`, abort.signal)).rejects.toThrow('nobody waits');
    await images.close();
  });
});
