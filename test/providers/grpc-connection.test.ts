import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unreachablePort } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { grpcAnswer } from '../support/fake-grpc-ai/script.ts';
import { createFakeAi } from '../support/fake-ai/fake-ai.mjs';
import { localhostCertificate } from '../support/localhost-certificate.ts';
import { ask, collect } from './collect.ts';
import { askAt, closeLater, open, openFake } from './open-grpc.ts';

describe('what the backend is asked', () => {
  it('is who speaks, where, and what was said last: it has its own memory', async () => {
    const { fake, provider } = await open();
    const prompt = ask('', {
      system: 'Be brief',
      userId: '7',
      chatId: '42',
      firstName: 'Ada',
      turns: [
        { role: 'user', text: 'One?' },
        { role: 'assistant', text: 'One.' },
        { role: 'user', text: 'Two — 二 😀?' },
      ],
    });
    await collect(provider, prompt);
    expect(fake.requests).toMatchObject([
      { userId: '7', chatId: '42', message: 'Two — 二 😀?', firstName: 'Ada' },
    ]);
    expect(fake.requests[0]?.headers).toMatchObject({
      ':path': '/amanda.ai.AIService/StreamChat',
      'user-agent': expect.stringMatching(/^parlance /),
    });
  });

  it('is the same question when an answer is to be continued', async () => {
    const { fake, provider } = await open();
    const continued = await collect(provider, ask('Go', { continues: 'tok0 tok1 t' }));
    expect(continued.text).toBe(grpcAnswer(20).slice('tok0 tok1 t'.length));
    const other = await collect(provider, ask('Go', { continues: 'tok0 and then' }));
    expect(other.text).toBe(`\n\n${grpcAnswer(20)}`);
    expect(fake.requests.map(({ message }) => message)).toEqual(['Go', 'Go']);
  });
});

describe('what the backend says', () => {
  it.each(['汉字 — naïve 😀👩‍👩‍👧', 'x'.repeat(1_000_000), '\n\n\t '])(
    'is shown as it is: %.20j',
    async (text) => {
      const { provider } = await open();
      const { text: shown } = await collect(provider, ask(`fake:text=${encodeURIComponent(text)}`));
      expect(shown).toBe(text);
    },
  );

  it('has no NUL, which no database keeps', async () => {
    const { provider } = await open();
    expect((await collect(provider, ask('fake:text=a%00b'))).text).toBe('a\uFFFDb');
  });

  it('waits when nobody reads it', async () => {
    const { fake, provider } = await open();
    const stop = new AbortController();
    const next = fake.nextRequest();
    const answer = provider.stream(ask('fake:count=2000000'), stop.signal)[Symbol.asyncIterator]();
    const { value } = await answer.next();
    const first = value?.type === 'text-delta' ? value.text.length : 0;
    expect(first).toBeLessThan(200_000);
    stop.abort();
    expect(await (await next).ended).toBe('left');
    expect((await answer.next()).done).toBe(true);
  });
});

describe('stopping', () => {
  it.each(['fault=hang-before-headers', 'fault=hang,at=0', 'fault=hang'])(
    'reaches the backend at once: %s',
    async (script) => {
      const { fake, provider } = await open();
      const stop = new AbortController();
      const next = fake.nextRequest();
      const answer = collect(provider, ask(`fake:${script}`), stop.signal);
      const { ended } = await next;
      stop.abort();
      expect(await ended).toBe('left');
      const { thrown, events } = await answer;
      expect(thrown).toBeUndefined();
      expect(events.filter(({ type }) => type === 'finish')).toEqual([]);
    },
  );

  it('leaves the connection to the others', async () => {
    const { fake, provider } = await open();
    const stop = new AbortController();
    for await (const event of provider.stream(ask('fake:fault=hang'), stop.signal)) {
      expect(event.type).toBe('text-delta');
      stop.abort();
    }
    await collect(provider, ask('Hello'));
    expect(fake.connections).toBe(1);
  });

  it('comes with closing, too', async () => {
    const { fake, provider } = await open();
    const next = fake.nextRequest();
    const answer = collect(provider, ask('fake:fault=hang'));
    const { ended } = await next;
    await provider.close();
    expect(await ended).toBe('left');
    expect((await answer).thrown).toMatchObject({ name: 'DomainError' });
  });
});

describe('the connection', () => {
  it('is one for all questions', async () => {
    const { fake, provider } = await open();
    await Promise.all(Array.from({ length: 100 }, () => collect(provider, ask('Hello'))));
    expect(fake.connections).toBe(1);
  });

  it('is made anew when it was lost', async () => {
    const { fake, provider } = await open({ retries: 2 });
    await collect(provider, ask('Hello'));
    await fake.cutConnections();
    expect((await collect(provider, ask('Hello'))).thrown).toBeUndefined();
    expect(fake.connections).toBe(2);
  });

  it('is found within two seconds when the backend comes back', async () => {
    const port = await unreachablePort();
    const provider = askAt(port);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await collect(provider, ask('Hello'))).thrown).toMatchObject({ code: 'ai-unreachable' });
    }
    await openFake({ port });
    const startedAt = performance.now();
    while ((await collect(provider, ask('Hello'))).thrown !== undefined) {
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
  });

  describe('with a proxy in the environment', () => {
    const names = ['grpc_proxy', 'http_proxy', 'https_proxy'];
    afterEach(() => {
      for (const name of names) delete process.env[name];
    });

    it('goes straight to the backend', async () => {
      const { fake, provider } = await open();
      for (const name of names) process.env[name] = 'http://127.0.0.1:9';
      expect((await collect(provider, ask('Hello'))).text).toBe(grpcAnswer(20));
      expect(fake.connections).toBe(1);
    });
  });
});

describe('being asked for its models', () => {
  it('answers when the backend can be reached, without a question to it', async () => {
    const { fake, provider } = await open({ model: 'amanda' });
    expect(await provider.models()).toEqual([{ id: 'amanda' }]);
    expect(fake.connections).toBe(1);
    expect(fake.requests).toEqual([]);
  });

  it('says that nobody is there', async () => {
    const provider = askAt(await unreachablePort());
    await expect(provider.models()).rejects.toMatchObject({ code: 'ai-unreachable' });
  });

  it('says that something else is there', async () => {
    const web = await createFakeAi();
    closeLater(web);
    const provider = askAt(Number(new URL(web.url).port));
    await expect(provider.models()).rejects.toMatchObject({ code: 'ai-unreachable' });
  });

  describe('where nobody says anything', () => {
    const silent = createServer();
    beforeAll(async () => {
      await once(silent.listen(0, '127.0.0.1'), 'listening');
    });
    afterAll(() => silent.close());
    const port = () => (silent.address() as AddressInfo).port;

    it('gives up in time', async () => {
      const provider = askAt(port(), { firstTokenTimeoutMs: 300 });
      await expect(provider.models()).rejects.toMatchObject({
        code: 'ai-unreachable',
        cause: { message: expect.stringContaining('did not answer within 300 ms') },
      });
    });

    it('ends when it is told to', async () => {
      const stop = new AbortController();
      const connected = once(silent, 'connection');
      const asked = askAt(port()).models(stop.signal);
      await connected;
      stop.abort();
      await expect(asked).rejects.toMatchObject({ code: 'ai-unreachable' });
    });
  });
});

describe('an encrypted connection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-tls-'));
  const caFile = join(folder, 'authority.pem');
  beforeAll(() => writeFileSync(caFile, localhostCertificate.cert));
  afterAll(() => rmSync(folder, { recursive: true }));

  const askTls = async (changes: { tls?: boolean; caFile?: string; host?: string }) => {
    const fake = await openFake({ tls: localhostCertificate });
    return askAt(fake.port, {
      grpc: { host: '127.0.0.1', port: fake.port, tls: true, caFile, ...changes },
    });
  };

  it.each(['127.0.0.1', 'localhost'])('is made with whom the file names: %s', async (host) => {
    const provider = await askTls({ host });
    expect((await collect(provider, ask('Hello'))).text).toBe(grpcAnswer(20));
    expect(await provider.models()).toHaveLength(1);
  });

  it('is not made at an address that the certificate does not name', async () => {
    const fake = await openFake({ tls: localhostCertificate });
    const elsewhere = createServer((near) => {
      const far = connect(fake.port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const)
        one.on('error', () => other.destroy()).pipe(other);
    });
    await once(elsewhere.listen(0, '127.0.0.2'), 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const provider = askAt(port, { grpc: { host: '127.0.0.2', port, tls: true, caFile } });
    const { thrown } = await collect(provider, ask('Hello'));
    expect(inspect(thrown)).toMatch(
      /ai-unreachable[^]*IP: 127\.0\.0\.2 is not in the cert's list: 127\.0\.0\.1/,
    );
    elsewhere.close();
  });

  it('is not made with whom nobody vouches for', async () => {
    const provider = await askTls({ caFile: '' });
    expect((await collect(provider, ask('Hello'))).thrown).toMatchObject({ code: 'ai-unreachable' });
  });

  it('is not replaced by a plain one', async () => {
    const provider = await askTls({ tls: false, caFile: '' });
    expect((await collect(provider, ask('Hello'))).thrown).toMatchObject({ code: 'ai-unreachable' });
    const plain = await openFake();
    const encrypted = askAt(plain.port, {
      grpc: { host: '127.0.0.1', port: plain.port, tls: true, caFile },
    });
    expect((await collect(encrypted, ask('Hello'))).thrown).toMatchObject({ code: 'ai-unreachable' });
    expect(plain.requests).toEqual([]);
  });

  it.each([
    ['missing', 'no-such.pem', /^GRPC_AI_BACKEND_CA_FILE: \S+no-such\.pem cannot be read \(ENOENT\)\.$/],
    ['no certificate', 'words.pem', /^GRPC_AI_BACKEND_CA_FILE: \S+words\.pem holds no certificate/],
  ])('is refused at the start when the file is %s', (_, name, message) => {
    writeFileSync(join(folder, 'words.pem'), 'trust me');
    const grpc = { host: 'localhost', port: 1, tls: true, caFile: join(folder, name) };
    expect(() => askAt(1, { grpc })).toThrow(message);
  });
});
