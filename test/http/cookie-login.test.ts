import type { FastifyInstance, FastifyReply } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { User } from '../../src/core/users/user.ts';
import { authenticateRoutes } from '../../src/http/authenticate.ts';
import { closeCookieLogin, openCookieLogin } from '../../src/http/cookie-login.ts';
import type { HttpPart, HttpSettings } from '../../src/http/create-http-app.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';
import { createTestApp } from './test-app.ts';

let core: TempCore;
let users: Record<string, User>;
const apps: FastifyInstance[] = [];
beforeAll(async () => {
  core = await openTempCore();
  const register = (username: string) => core.core.users.register({ username, password: 'correct horse' });
  users = { ada: await register('ada'), bob: await register('bob') };
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await core.dispose();
});

const routes: HttpPart = (scope) => {
  const { sessions } = core.core;
  authenticateRoutes(scope, { core: core.core, accepts: ['cookie'] });
  const signIn = async (reply: FastifyReply, name: string) => {
    const user = users[name];
    if (user !== undefined) await openCookieLogin(sessions, reply, { user });
    return {};
  };
  scope.post<{ Params: { name: string } }>(
    '/sign-in/:name',
    { config: { access: 'open', trustedOriginOnly: true } },
    ({ params }, reply) => signIn(reply, params.name),
  );
  scope.post('/sign-out', { config: { access: 'user' } }, async (_request, reply) => {
    await closeCookieLogin(sessions, reply);
    return {};
  });
  scope.get('/sign-out', { config: { access: 'user', trustedOriginOnly: true } }, async () => ({}));
  scope.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/mine',
    config: { access: 'user' },
    handler: ({ actor }) => ({ userId: actor.userId }),
  });
};

async function openApp(settings: Partial<HttpSettings> = {}): Promise<FastifyInstance> {
  const app = await createTestApp({ parts: [routes], settings });
  apps.push(app);
  return app;
}

/** `session=…` of a new login, as the browser would send it back. */
async function signIn(
  app: FastifyInstance,
  name: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const { statusCode, headers: answered } = await app.inject({
    method: 'POST',
    url: `/sign-in/${name}`,
    headers,
  });
  expect(statusCode).toBe(200);
  return /^[^;]+/.exec(String(answered['set-cookie']))?.[0] ?? '';
}
const statusFor = async (app: FastifyInstance, headers: Record<string, string>) =>
  (await app.inject({ url: '/mine', headers })).statusCode;

describe('a sign-in', () => {
  it('gives a new secret each time, of 32 random bytes', async () => {
    const app = await openApp();
    const cookies = [await signIn(app, 'ada'), await signIn(app, 'ada')];
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^session=[\w-]{43}$/);
      expect(await statusFor(app, { cookie })).toBe(200);
    }
    expect(cookies[0]).not.toBe(cookies[1]);
  });

  it.each(['ada', 'bob'])('of %s ends the login whose cookie came with it', async (name) => {
    const app = await openApp();
    const former = await signIn(app, 'ada');
    const cookie = await signIn(app, name, { cookie: former });
    expect(cookie).not.toBe(former);
    expect(await statusFor(app, { cookie: former })).toBe(401);
    expect(await statusFor(app, { cookie })).toBe(200);
  });

  it('never takes over a secret that somebody planted', async () => {
    const app = await openApp();
    for (const planted of ['x', 'A'.repeat(43)]) {
      const cookie = await signIn(app, 'ada', { cookie: `session=${planted}` });
      expect(cookie).not.toBe(`session=${planted}`);
      expect(await statusFor(app, { cookie: `session=${planted}` })).toBe(401);
    }
  });

  it('leaves the former login alone when it fails', async () => {
    const app = await openApp();
    const cookie = await signIn(app, 'ada');
    const eve = await core.core.users.register({ username: 'eve', password: 'correct horse' });
    users['eve'] = eve;
    await core.core.users.disable(eve.id);
    const refused = await app.inject({ method: 'POST', url: '/sign-in/eve', headers: { cookie } });
    expect(refused.statusCode).toBe(403);
    expect(refused.headers).not.toHaveProperty('set-cookie');
    expect(await statusFor(app, { cookie })).toBe(200);
  });
});

describe('a sign-out', () => {
  it('ends the login and makes the browser forget it', async () => {
    const app = await openApp();
    const cookie = await signIn(app, 'ada');
    const { headers } = await app.inject({ method: 'POST', url: '/sign-out', headers: { cookie } });
    expect(headers['set-cookie']).toBe('session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax');
    expect(await statusFor(app, { cookie })).toBe(401);
  });
});

describe('the cookie', () => {
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.org' };

  it('is bound to its host and to https where that is spoken', async () => {
    const app = await openApp({ trustProxy: true });
    const set = async (url: string, headers: Record<string, string>) =>
      (await app.inject({ method: 'POST', url, headers })).headers['set-cookie'];
    expect(await set('/sign-in/ada', https)).toMatch(
      /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    const cookie = await signIn(app, 'ada', https);
    expect(await statusFor(app, { cookie, ...https })).toBe(200);
    expect(await set('/sign-out', { cookie, ...https })).toBe(
      '__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
  });

  it('is read there by that name alone, which no neighbour and no plain http can set', async () => {
    const app = await openApp({ trustProxy: true });
    const [, secret] = (await signIn(app, 'ada')).split('=');
    expect(await statusFor(app, { cookie: `session=${secret}` })).toBe(200);
    expect(await statusFor(app, { cookie: `session=${secret}`, ...https })).toBe(401);
    expect(await statusFor(app, { cookie: `__Host-session=${secret}`, ...https })).toBe(200);
    expect(await statusFor(app, { cookie: `__Host-session=${secret}` })).toBe(401);
  });

  it('believes nobody’s word for https unless told whose', async () => {
    expect(await signIn(await openApp(), 'ada', https)).toMatch(/^session=/);
    expect(await signIn(await openApp({ trustProxy: ['10.0.0.0/8'] }), 'ada', https)).toMatch(/^session=/);
    expect(await signIn(await openApp({ trustProxy: ['127.0.0.0/8'] }), 'ada', https)).toMatch(/^__Host-/);
  });

  it('is sent from the server’s own pages behind a proxy, by the host that browsers see', async () => {
    const app = await openApp({ trustProxy: true });
    const origin = 'https://chat.example.org';
    const cookie = await signIn(app, 'ada', { ...https, origin });
    const change = (headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/mine', headers: { cookie, ...https, ...headers } });
    expect((await change({ origin })).statusCode).toBe(200);
    expect((await change({ origin: 'http://chat.example.org' })).statusCode).toBe(403);
    expect((await change({ origin: 'https://chat.example.org.evil.example' })).statusCode).toBe(403);
  });
});

describe('a forged request', () => {
  const sites = ['same-origin', 'same-site', 'cross-site', 'none', undefined];
  const origins = [
    'http://own.example:5000',
    'http://localhost:3000',
    'https://evil.example',
    'null',
    undefined,
  ];
  const trusted = new Set(origins.slice(0, 2));

  /** What a browser, or no browser, may say of where a request comes from; and whether it is let through. */
  const matrix = sites.flatMap((site) =>
    origins.map((origin) => {
      const isTrusted =
        site === 'same-origin' ||
        (origin === undefined ? site === undefined || site === 'none' : trusted.has(origin));
      return { site, origin, isTrusted };
    }),
  );
  let app: FastifyInstance;
  let cookie: string;
  beforeAll(async () => {
    app = await openApp();
  });
  beforeEach(async () => {
    cookie = await signIn(app, 'ada');
  });
  const say = (site: string | undefined, origin: string | undefined) => ({
    host: 'own.example:5000',
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    ...(origin === undefined ? {} : { origin }),
  });

  it.each(matrix)(
    'from site $site, origin $origin: trusted $isTrusted',
    async ({ site, origin, isTrusted }) => {
      const headers = { cookie, ...say(site, origin) };
      const status = isTrusted ? 200 : 403;
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        expect((await app.inject({ method, url: '/mine', headers })).statusCode).toBe(status);
      }
      // Reading changes nothing; whether the page may see the answer is a question of CORS.
      expect(await statusFor(app, headers)).toBe(200);
      // Some clients sign out by GET.
      expect((await app.inject({ url: '/sign-out', headers })).statusCode).toBe(status);
      const attempt = { method: 'POST', url: '/sign-in/bob', headers: say(site, origin) } as const;
      const signedIn = await app.inject(attempt);
      expect(signedIn.statusCode).toBe(status);
      expect('set-cookie' in signedIn.headers).toBe(isTrusted);
      if (!isTrusted) expect(signedIn.json()).toMatchObject({ code: 'origin-refused' });
    },
  );

  it.each([
    ['http://own.example:5000/chats?x=y', 200],
    ['http://localhost:3000/', 200],
    ['https://evil.example/', 403],
    ['nonsense', 403],
  ])('over plain http a link or image is known by its page %s alone', async (referer, status) => {
    const headers = { cookie, referer, ...say(undefined, undefined) };
    expect((await app.inject({ url: '/sign-out', headers })).statusCode).toBe(status);
  });

  it('without a cookie is no forgery: nobody is signed in', async () => {
    const headers = say('cross-site', 'https://evil.example');
    expect((await app.inject({ method: 'POST', url: '/mine', headers })).statusCode).toBe(401);
  });
});
