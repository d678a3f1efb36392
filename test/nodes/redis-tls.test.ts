import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { redisUrl } from '../../src/config/redis-url.ts';
import { openRedis, type RedisConnections } from '../../src/redis/open-redis.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import {
  type Authority,
  type Certificate,
  type Certificates,
  makeCertificates,
  missingOpenssl,
} from '../support/tls-relay/certificates.ts';
import { openTlsRelay, type TlsRelay } from '../support/tls-relay/tls-relay.ts';
import { missingRedis, newPrefix, testRedisUrl } from '../support/test-redis.ts';

const missing = (await missingRedis()) ?? missingOpenssl();

describe.skipIf(missing !== undefined)(`a Redis behind TLS${missing ? `: ${missing}` : ''}`, () => {
  let certificates: Certificates;
  let known: Authority;
  const server: Partial<Record<'right' | 'otherName' | 'stranger' | 'none', Certificate>> = {};
  beforeAll(() => {
    certificates = makeCertificates();
    known = certificates.authority('known');
    server.right = known.certify('DNS:localhost');
    server.otherName = known.certify('DNS:redis.example.org,IP:127.0.0.1');
    server.stranger = certificates.authority('stranger').certify('DNS:localhost');
  });
  afterAll(() => certificates.remove());

  const prefix = newPrefix();
  let relay: TlsRelay;
  let redis: RedisConnections | undefined;
  afterEach(async () => {
    await redis?.close();
    await relay.close();
  });

  /** Both connections to a server of that kind, with the log of what became of them. */
  async function open(
    kind: keyof typeof server,
    options: string,
    { host = 'localhost', scheme = 'rediss', login = '' } = {},
  ) {
    const target = new URL(testRedisUrl);
    relay = await openTlsRelay('redis', {
      target: { host: target.hostname, port: Number(target.port || '6379') },
      certificate: server[kind],
    });
    target.hostname = host;
    target.port = String(relay.port);
    const text = `${target.href.replace(/^redis:\/\//, `${scheme}://${login}`)}${options.replace('KNOWN', known.file)}`;
    const url = redisUrl(text);
    if (typeof url !== 'string') throw new Error(`${text} must be ${url.what}`);
    const log = createRecordingLog();
    redis = openRedis({ url, prefix }, log);
    return { ...redis, log };
  }

  test.each([
    ['right', '?sslrootcert=KNOWN', 'localhost', 'rediss'],
    ['right', '?sslmode=verify-full&sslrootcert=KNOWN', 'localhost', 'REDISS'],
    ['otherName', '?sslrootcert=KNOWN', '127.0.0.1', 'rediss'],
    ['otherName', '?sslmode=verify-ca&sslrootcert=KNOWN', 'localhost', 'rediss'],
    ['stranger', '?sslmode=require', 'localhost', 'rediss'],
  ] as const)(
    'with the certificate %s is used encrypted by %s at %s',
    async (kind, options, host, scheme) => {
      const { commands, listening } = await open(kind, options, { host, scheme });
      const heard = new Promise((resolve) =>
        listening.once('message', (_channel, message) => resolve(message)),
      );
      await listening.subscribe(`${prefix}channel`);
      if (commands.status !== 'ready') await new Promise((resolve) => commands.once('ready', resolve));
      await commands.publish(`${prefix}channel`, 'news');
      expect(await heard).toBe('news');
      expect(relay.seen).toHaveLength(2);
      for (const { tls, sent, asked } of relay.seen) {
        expect(tls).toMatch(/^TLSv1\.[23]$/);
        expect(asked).toBe(host === 'localhost' && host);
        expect(sent.includes(prefix)).toBe(false);
      }
    },
  );

  test.each([
    ['otherName', '?sslrootcert=KNOWN', /is for another name; use .* sslmode=verify-ca/],
    [
      'stranger',
      '?sslrootcert=KNOWN',
      /is by nobody who is trusted; name the file of its authority with sslrootcert/,
    ],
    ['stranger', '?sslmode=verify-ca&sslrootcert=KNOWN', /is by nobody who is trusted/],
    ['stranger', '?sslmode=require&sslrootcert=KNOWN', /is by nobody who is trusted/],
    ['right', '', /is by nobody who is trusted/],
  ] as const)(
    'with the certificate %s is refused by "%s", in a line that says what to do',
    async (kind, options, told) => {
      const { log } = await open(kind, options);
      const { fields } = await log.line('Redis cannot be reached');
      expect((fields['err'] as Error).message).toMatch(told);
      for (const { tls } of relay.seen) expect(tls).toBeNull();
    },
  );

  test.each(['rediss', 'REDISS'])('that has none is told no password by %s:', async (scheme) => {
    await open('none', '', { scheme, login: ':hunter2@' });
    await relay.spoken(2);
    // The beginning of a handshake, and nothing else.
    for (const { sent } of relay.seen) expect(sent.subarray(0, 2).toString('hex')).toBe('1603');
    for (const { sent } of relay.seen) expect(sent.includes('hunter2')).toBe(false);
  });

  test('with a file of authorities that is missing stops the start with one line', async () => {
    await expect(open('right', '?sslrootcert=/nowhere/ca.pem')).rejects.toThrow(
      /^The file of whom to trust for TLS, \/nowhere\/ca\.pem, cannot be read \(ENOENT\)$/,
    );
    expect(relay.seen).toEqual([]);
  });
});
