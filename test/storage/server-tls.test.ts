import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { databaseUrl } from '../../src/config/database-url.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import {
  type Authority,
  type Certificate,
  type Certificates,
  makeCertificates,
  missingOpenssl,
} from '../support/tls-relay/certificates.ts';
import { openTlsRelay, type TlsRelay } from '../support/tls-relay/tls-relay.ts';
import { describeEachEngine, type Fresh } from './each-engine.ts';
import { addUser } from './rows.ts';

const missing = missingOpenssl();
const password = 'hunter2';

/** The databases of the tests behind TLS, by the addresses that people write. */
describe.skipIf(missing !== undefined)(`TLS by the address${missing ? `: ${missing}` : ''}`, () => {
  let certificates: Certificates;
  let known: Authority;
  const server: Partial<Record<'right' | 'otherName' | 'expired' | 'stranger' | 'none', Certificate>> = {};
  beforeAll(() => {
    certificates = makeCertificates();
    known = certificates.authority('known');
    server.right = known.certify('DNS:localhost');
    server.otherName = known.certify('DNS:db.example.org,IP:127.0.0.1');
    server.expired = known.certify('DNS:localhost', -1);
    server.stranger = certificates.authority('stranger').certify('DNS:localhost,IP:127.0.0.1');
  });
  afterAll(() => certificates.remove());

  let relay: TlsRelay;
  afterEach(() => relay.close());

  /** Puts a server of that kind before the database, and gives its address. */
  async function addressOf(
    fresh: Fresh,
    { kind, options, host = 'localhost' }: { kind: keyof typeof server; options: string; host?: string },
  ): Promise<string> {
    const url = new URL(fresh.url);
    const protocol = fresh.engine === 'postgres' ? 'postgres' : 'mysql';
    const standard = protocol === 'postgres' ? 5432 : 3306;
    const target = { host: url.hostname, port: Number(url.port) || standard };
    relay = await openTlsRelay(protocol, { target, certificate: server[kind] });
    url.hostname = host;
    url.port = String(relay.port);
    const location = databaseUrl(`${url.href}?${options.replace('KNOWN', known.file)}`);
    if (!('url' in location)) throw new Error('The address is none of a server');
    return location.url;
  }

  /** What the operator is told instead of a start; the server never hears more than what TLS begins with. */
  async function refusalOf(fresh: Fresh, asked: Parameters<typeof addressOf>[1]): Promise<string> {
    const url = new URL(await addressOf(fresh, asked));
    url.password = password;
    const error: unknown = await openStorage({ url: url.href }).then(
      (store) => store.close(),
      (thrown: unknown) => thrown,
    );
    await Promise.all(relay.seen.map(({ ended }) => ended));
    expect(error).toMatchObject({ name: 'StorageError' });
    const { message } = error as Error;
    expect(message).not.toContain(password);
    expect(message).not.toContain('\n');
    expect(relay.seen).toMatchObject([{ tls: null }]);
    return message.replace(/^The database \w+:\/\/\w+@[\w.]+:\d+\/\w+ cannot be used: /, '');
  }

  const isEncrypted = ({ sent, tls }: TlsRelay['seen'][number], database: string): boolean =>
    /^TLSv1\.[23]$/.test(tls ?? '') && !sent.includes(database) && !sent.includes('select');

  describeEachEngine(
    'a server with TLS',
    (fresh) => {
      const name = () => new URL(fresh.url).pathname.slice(1);

      test.each([
        ['require', 'stranger', 'localhost'],
        ['require', 'expired', 'localhost'],
        ['verify-ca&sslrootcert=KNOWN', 'otherName', 'localhost'],
        ['verify-full&sslrootcert=KNOWN', 'right', 'localhost'],
        ['verify-full&sslrootcert=KNOWN', 'otherName', '127.0.0.1'],
      ] as const)(
        'is used encrypted by sslmode=%s, with the certificate %s, at %s',
        async (mode, kind, host) => {
          const url = await addressOf(fresh, { kind, options: `sslmode=${mode}`, host });
          const store = await openStorage({ url, poolSize: 2 });
          await addUser(store);
          await store.close();
          expect(relay.seen.length).toBeGreaterThan(1);
          for (const seen of relay.seen) expect(isEncrypted(seen, name())).toBe(true);
        },
      );

      test('is used in clear by sslmode=disable, and without a word', async () => {
        for (const options of ['sslmode=disable', '']) {
          const url = await addressOf(fresh, { kind: 'right', options });
          const store = await openStorage({ url, poolSize: 2 });
          await store.close();
          for (const { tls, sent } of relay.seen) {
            expect(tls).toBeNull();
            expect(sent.includes(name())).toBe(true);
          }
          await relay.close();
        }
      });

      test.each([
        [
          'verify-full&sslrootcert=KNOWN',
          'otherName',
          'localhost',
          /^the certificate .* is for another name; use/,
        ],
        [
          'verify-full&sslrootcert=KNOWN',
          'right',
          '127.0.0.1',
          /^the certificate .* is for another name; use/,
        ],
        [
          'verify-full&sslrootcert=KNOWN',
          'stranger',
          'localhost',
          /is by nobody who is trusted; name the file/,
        ],
        [
          'verify-ca&sslrootcert=KNOWN',
          'stranger',
          'localhost',
          /is by nobody who is trusted; name the file/,
        ],
        ['verify-ca&sslrootcert=KNOWN', 'expired', 'localhost', /has expired; renew it/],
        ['verify-full', 'right', 'localhost', /is by nobody who is trusted; name the file .* sslrootcert/],
        ['require&sslrootcert=KNOWN', 'stranger', 'localhost', /is by nobody who is trusted; name the file/],
      ] as const)(
        'is refused by sslmode=%s with the certificate %s at %s',
        async (mode, kind, host, told) => {
          expect(await refusalOf(fresh, { kind, options: `sslmode=${mode}`, host })).toMatch(told);
        },
      );

      test('is asked for by the name of an authority alone', async () => {
        const told = await refusalOf(fresh, { kind: 'otherName', options: 'sslrootcert=KNOWN' });
        expect(told).toMatch(/is for another name; .* sslmode=verify-ca/);
      });

      test('that offers none hears nothing, unless sslmode=disable', async () => {
        // Postgres has to be asked; MySQL says so by itself.
        const question = fresh.engine === 'postgres' ? '0000000804d2162f' : '';
        for (const mode of ['require', 'verify-ca', 'verify-full']) {
          expect(await refusalOf(fresh, { kind: 'none', options: `sslmode=${mode}` })).toMatch(
            /^the server offers no TLS; turn it on there, or take TLS out/,
          );
          expect(relay.seen.map(({ sent }) => sent.toString('hex'))).toEqual([question]);
          await relay.close();
        }
        const url = await addressOf(fresh, { kind: 'none', options: 'sslmode=disable' });
        await (await openStorage({ url })).close();
      });

      test('has every connection of the pool encrypted', async () => {
        const options = 'sslmode=verify-full&sslrootcert=KNOWN';
        const store = await openStorage({
          url: await addressOf(fresh, { kind: 'right', options }),
          poolSize: 6,
        });
        await writeAtOnce(store, 3);
        await Promise.all(Array.from({ length: 9 }, () => store.users.list({ after: null, limit: 9 })));
        await store.close();
        // One that migrates, three that write, and at least one that reads.
        expect(relay.seen.length).toBeGreaterThan(4);
        for (const seen of relay.seen) expect(isEncrypted(seen, name())).toBe(true);
      });

      test('is not even asked with a file of authorities that is of no use', async () => {
        const empty = join(certificates.folder, 'empty.pem');
        writeFileSync(empty, 'not a certificate');
        for (const [file, why] of [
          ['/nowhere/ca.pem', 'cannot be read (ENOENT)'],
          [empty, 'holds no certificate in PEM form'],
        ] as const) {
          const url = await addressOf(fresh, {
            kind: 'right',
            options: `sslmode=verify-ca&sslrootcert=${file}`,
          });
          const error: unknown = await openStorage({ url }).catch((thrown: unknown) => thrown);
          expect(error).toMatchObject({
            name: 'StorageError',
            message: `The file of whom to trust for TLS, ${file}, ${why}`,
          });
          expect(relay.seen).toEqual([]);
          await relay.close();
        }
      });
    },
    { only: ['postgres', 'mysql'] },
  );
});

/** So many transactions that none ends before all have begun. */
async function writeAtOnce(store: Storage, count: number): Promise<void> {
  let begun = 0;
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  await Promise.all(
    Array.from({ length: count }, () =>
      store.transaction(async (tables) => {
        await addUser(tables);
        begun += 1;
        if (begun === count) open();
        await all;
      }),
    ),
  );
}
