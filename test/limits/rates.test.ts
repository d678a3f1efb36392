import { DomainError } from '../../src/core/errors.ts';
import type { UserId } from '../../src/core/users/user.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LimitedApp, minuteMs, openLimitedApp } from './limited-app.ts';
import { api, newPerson, tongues } from './tongues.ts';

let addresses = 0;
/** An address of the documentation's, for each test another. */
const newAddress = () => `198.51.100.${(addresses += 1)}`;

describe.each(tongues)('$name', ({ register, signIn, refusal }) => {
  let limited: LimitedApp;
  beforeAll(async () => {
    limited = await openLimitedApp({
      'sign-in': { most: 3, windowMs: minuteMs },
      register: { most: 2, windowMs: 10 * minuteMs },
    });
  });
  afterAll(() => limited.close());

  it('takes so many sign-ins of an address, tells how many are left, and begins anew', async () => {
    const { app, pass } = limited;
    const person = newPerson();
    const remoteAddress = newAddress();
    await app.inject({ ...register(person), remoteAddress: newAddress() });
    const ask = () => app.inject({ ...signIn(person), remoteAddress });

    const first = await ask();
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"sign-in";q=3;w=60',
      ratelimit: '"sign-in";r=2;t=60',
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '60',
    });
    expect(first.headers).not.toHaveProperty('retry-after');

    pass(20_000);
    await ask();
    expect((await ask()).statusCode).toBe(200);
    const refused = await ask();
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toEqual(refusal);
    expect(refused.headers).toMatchObject({ 'retry-after': '40', ratelimit: '"sign-in";r=0;t=40' });

    const elsewhere = await app.inject({ ...signIn(person), remoteAddress: newAddress() });
    expect(elsewhere.statusCode).toBe(200);

    pass(40_000);
    expect((await ask()).statusCode).toBe(200);
  });

  it('takes so many registrations of an address', async () => {
    const remoteAddress = newAddress();
    const ask = () => limited.app.inject({ ...register(newPerson()), remoteAddress });
    expect((await ask()).statusCode).toBeLessThan(300);
    expect((await ask()).statusCode).toBeLessThan(300);
    const refused = await ask();
    expect([refused.statusCode, refused.json()]).toEqual([429, refusal]);
    expect(refused.headers['retry-after']).toBe('600');
    limited.pass(10 * minuteMs);
    expect((await ask()).statusCode).toBeLessThan(300);
  });
});

describe('an account', () => {
  it('sends so many messages, wherever it is', async () => {
    const limited = await openLimitedApp({ send: { most: 2, windowMs: minuteMs } });
    const { app } = limited;
    const open = async () => {
      const person = newPerson();
      await app.inject(api.register(person));
      const { access_token: token } = (await app.inject(api.signIn(person))).json<{ access_token: string }>();
      const headers = { authorization: `Bearer ${token}` };
      const { id } = (await app.inject({ method: 'POST', url: '/api/v1/chats', headers })).json<{
        id: string;
      }>();
      return (remoteAddress: string) => {
        const payload = { text: 'Hello' };
        return app.inject({
          method: 'POST',
          url: `/api/v1/chats/${id}/messages`,
          headers,
          payload,
          remoteAddress,
        });
      };
    };
    const [ada, bob] = [await open(), await open()];
    const first = await ada(newAddress());
    expect([first.statusCode, first.headers['ratelimit']]).toEqual([202, '"send";r=1;t=60']);
    expect((await ada(newAddress())).statusCode).toBe(202);
    const refused = await ada(newAddress());
    expect([refused.statusCode, refused.json()]).toEqual([429, api.refusal]);
    expect((await bob(newAddress())).statusCode).toBe(202);
    limited.pass(minuteMs);
    expect((await ada(newAddress())).statusCode).toBe(202);
    await limited.close();
  });
});

describe('a change of any other kind', () => {
  it('is limited by account, and reading is not', async () => {
    const limited = await openLimitedApp({ write: { most: 2, windowMs: minuteMs } });
    const { app } = limited;
    const person = newPerson();
    await app.inject(api.register(person));
    const { access_token: token } = (await app.inject(api.signIn(person))).json<{ access_token: string }>();
    const headers = { authorization: `Bearer ${token}` };
    const ask = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) =>
      app.inject({ method, url, headers, remoteAddress: newAddress(), ...(payload ? { payload } : {}) });

    const created = await ask('POST', '/api/v1/chats');
    expect([created.statusCode, created.headers['ratelimit']]).toEqual([201, '"write";r=1;t=60']);
    const rename = () => ask('PATCH', '/api/v1/me', { first_name: 'Ada' });
    expect((await rename()).statusCode).toBe(200);
    const refused = await rename();
    expect([refused.statusCode, refused.json()]).toEqual([429, api.refusal]);
    const read = await ask('GET', '/api/v1/chats');
    expect([read.statusCode, read.headers['ratelimit']]).toEqual([200, undefined]);
    limited.pass(minuteMs);
    expect((await rename()).statusCode).toBe(200);
    await limited.close();
  });
});

describe('an address', () => {
  it('sends ten times as many as an account', async () => {
    const limited = await openLimitedApp({ send: { most: 1, windowMs: minuteMs } });
    const caller = { address: '203.0.113.80', userId: null };
    const accounts = Array.from({ length: 11 }, (_, number) => ({
      ...caller,
      userId: (number + 1) as UserId,
    }));
    for (const account of accounts.slice(0, 10)) await limited.app.rateLimits.take('send', account);
    await expect(limited.app.rateLimits.take('send', accounts[10] ?? caller)).rejects.toThrow(
      new DomainError('too-many-requests', { retryAfterSeconds: 60 }),
    );
    await limited.close();
  });

  it('of this machine or a private network may more', async () => {
    const limited = await openLimitedApp({ 'sign-in': { most: 1, windowMs: minuteMs }, localFactor: 3 });
    const signIn = (remoteAddress: string) =>
      limited.app.inject({ ...api.signIn(newPerson()), remoteAddress });
    const statuses = async (address: string) => {
      const answers = [];
      for (let asked = 0; asked < 4; asked += 1) answers.push((await signIn(address)).statusCode);
      return answers;
    };
    for (const address of ['127.0.0.1', '::1', '::ffff:10.1.2.3', 'fd00::1'])
      expect(await statuses(address)).toEqual([401, 401, 401, 429]);
    expect(await statuses('203.0.113.9')).toEqual([401, 429, 429, 429]);
    await limited.close();
  });

  it('of IPv6 is one with its network', async () => {
    const limited = await openLimitedApp({ 'sign-in': { most: 1, windowMs: minuteMs } });
    const signIn = async (remoteAddress: string) =>
      (await limited.app.inject({ ...api.signIn(newPerson()), remoteAddress })).statusCode;
    expect(await signIn('2001:db8:0:1::5')).toBe(401);
    expect(await signIn('2001:db8:0:1:aaaa::1')).toBe(429);
    expect(await signIn('2001:db8:0:2::5')).toBe(401);
    await limited.close();
  });
});

describe('every route', () => {
  it('that signs in, registers or asks the AI is limited', async () => {
    const limited = await openLimitedApp({});
    const of = (name: string) =>
      limited.routes.filter(({ limit }) => limit === name).map(({ route }) => route);
    expect(of('sign-in').toSorted()).toEqual([
      'POST /api/auth/login',
      'POST /api/auth/login',
      'POST /api/login',
      'POST /api/v1/auth/sign-in',
      'POST /auth/login',
      'POST /token',
      'POST /token/',
    ]);
    expect(of('register').toSorted()).toEqual([
      'POST /api/auth/register',
      'POST /api/auth/signup',
      'POST /api/signup',
      'POST /api/v1/auth/register',
      'POST /auth/register',
      'POST /users',
      'POST /users/',
    ]);
    expect(of('send').toSorted()).toEqual([
      'POST /api/chat',
      'POST /api/chat/image',
      'POST /api/conversations/:conversationId/messages',
      'POST /api/messages/:chatId/send',
      'POST /api/messages/:chatId/send-image-query',
      'POST /api/v1/attachments',
      'POST /api/v1/chats/:id/messages',
      'POST /api/v1/messages/:id/branches',
      'POST /api/v1/replies/:id/continue',
      'POST /api/v1/replies/:id/regenerate',
      'POST /api/v1/speech',
      'POST /api/v1/transcriptions',
      'POST /chat/sessions/:sessionId/messages',
      'POST /chats/:chatId/messages',
      'POST /chats/:chatId/messages/',
      'POST /upload',
      'POST /upload/',
    ]);
    await limited.close();
  });
});

describe('without limits', () => {
  it('answers carry no headers about them', async () => {
    const limited = await openLimitedApp({});
    const answer = await limited.app.inject({ url: '/health' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    await limited.close();
  });
});
