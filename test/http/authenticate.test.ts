import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { authenticateRoutes, type CredentialKind } from '../../src/http/authenticate.ts';
import type { HttpPart } from '../../src/http/create-http-app.ts';
import { clearSessionCookie, setSessionCookie } from '../../src/http/session-cookie.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';
import { createTestApp } from './test-app.ts';

let core: TempCore;
let app: FastifyInstance;
let token: string;
let otherToken: string;
let cookie: string;
let userId: number;
let otherId: number;

const routes =
  (prefix: string, accepts: readonly CredentialKind[]): HttpPart =>
  (scope) => {
    authenticateRoutes(scope, { core: core.core, accepts });
    scope.route({
      method: ['GET', 'POST', 'DELETE'],
      url: `${prefix}/user`,
      config: { access: 'user' },
      handler: (request) => ({ userId: request.actor.userId }),
    });
    scope.get(`${prefix}/optional`, { config: { access: 'optional' } }, (request) => ({
      userId: request.signedIn?.userId ?? null,
    }));
    scope.get(`${prefix}/open`, { config: { access: 'open' } }, (request) => ({
      userId: request.actor.userId,
    }));
  };

beforeAll(async () => {
  core = await openTempCore();
  const { users, sessions } = core.core;
  const user = await users.register({ username: 'ada', password: 'correct horse' });
  const other = await users.register({ username: 'bob', password: 'correct horse' });
  userId = user.id;
  otherId = other.id;
  token = (await sessions.openAccess(user)).accessToken;
  otherToken = (await sessions.openAccess(other)).accessToken;
  cookie = `theme=dark; session=${(await sessions.openCookie(user)).secret}; x=y`;
  app = await createTestApp({
    parts: [
      routes('/both', ['bearer', 'cookie']),
      routes('/bearer', ['bearer']),
      routes('/cookie', ['cookie']),
      (scope) => {
        scope.get('/enter', { config: { access: 'open' } }, (_request, reply) => {
          setSessionCookie(reply, 'secret');
          return {};
        });
        scope.get('/leave', { config: { access: 'open' } }, (_request, reply) => {
          clearSessionCookie(reply);
          return {};
        });
      },
    ],
    settings: { trustProxy: true },
  });
});
afterAll(async () => {
  await app.close();
  await core.dispose();
});

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
const get = async (url: string, headers: Record<string, string> = {}) => {
  const response = await app.inject({ url, headers });
  return [response.statusCode, response.json<{ userId?: number; code?: string }>()] as const;
};

describe('a route for users', () => {
  it('knows the owner of a token and of a cookie', async () => {
    expect(await get('/both/user', bearer(token))).toEqual([200, { userId }]);
    expect(await get('/both/user', { cookie })).toEqual([200, { userId }]);
  });

  it('lets the header decide where both are there', async () => {
    expect(await get('/both/user', { cookie, ...bearer(otherToken) })).toEqual([200, { userId: otherId }]);
    expect(await get('/both/user', { cookie, ...bearer('nonsense') })).toMatchObject([
      401,
      { code: 'token-invalid' },
    ]);
  });

  it('takes only the credentials of its scope', async () => {
    expect(await get('/bearer/user', { cookie })).toMatchObject([401, { code: 'credentials-missing' }]);
    expect(await get('/cookie/user', bearer(token))).toMatchObject([401, { code: 'credentials-missing' }]);
    expect(await get('/cookie/user', { cookie, authorization: 'Basic of-a-proxy' })).toEqual([
      200,
      { userId },
    ]);
  });

  it.each([
    [{}, 'credentials-missing'],
    [{ authorization: 'Basic YTpi' }, 'token-invalid'],
    [{ authorization: 'Bearer' }, 'token-invalid'],
    [{ authorization: 'Bearer a b' }, 'token-invalid'],
    [{ cookie: 'session=' }, 'credentials-missing'],
    [{ cookie: 'session=unknown' }, 'session-ended'],
    [{ cookie: 'xsession=unknown' }, 'credentials-missing'],
  ])('refuses %j as %s', async (headers, code) => {
    expect(await get('/both/user', headers as Record<string, string>)).toMatchObject([401, { code }]);
  });

  it('covers HEAD', async () => {
    expect((await app.inject({ method: 'HEAD', url: '/both/user' })).statusCode).toBe(401);
    expect((await app.inject({ method: 'HEAD', url: '/both/user', headers: { cookie } })).statusCode).toBe(
      200,
    );
  });

  it('believes a cookie for a change only from a trusted origin; a token needs none', async () => {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const method of ['POST', 'DELETE'] as const) {
      const attempt = (headers: Record<string, string>) => app.inject({ method, url: '/both/user', headers });
      expect((await attempt({ cookie, ...foreign })).json()).toMatchObject({ code: 'origin-refused' });
      expect((await attempt({ cookie, origin: 'http://localhost:3000' })).statusCode).toBe(200);
      expect((await attempt({ cookie })).statusCode).toBe(200);
      expect((await attempt({ ...bearer(token), ...foreign })).statusCode).toBe(200);
    }
    expect(await get('/both/user', { cookie, ...foreign })).toEqual([200, { userId }]);
  });
});

describe('a route that is open', () => {
  it('has no actor, and says so to the handler that asks for one', async () => {
    expect(await get('/both/open', bearer(token))).toMatchObject([401, { code: 'credentials-missing' }]);
  });

  it('takes the unknown as nobody where knowing is optional', async () => {
    expect(await get('/both/optional')).toEqual([200, { userId: null }]);
    expect(await get('/both/optional', bearer('nonsense'))).toEqual([200, { userId: null }]);
    expect(await get('/both/optional', { cookie: 'session=unknown' })).toEqual([200, { userId: null }]);
    expect(await get('/both/optional', { cookie })).toEqual([200, { userId }]);
  });
});

describe('the session cookie', () => {
  it('is out of reach for scripts and other sites, and for plain HTTP where HTTPS is spoken', async () => {
    const set = async (url: string, headers = {}) =>
      (await app.inject({ url, headers })).headers['set-cookie'];
    expect(await set('/enter')).toBe('session=secret; Path=/; HttpOnly; SameSite=Lax');
    expect(await set('/enter', { 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/);
    expect(await set('/leave')).toBe('session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax');
  });
});
