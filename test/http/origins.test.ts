import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { HttpPart } from '../../src/http/create-http-app.ts';
import { assertTrustedOrigin } from '../../src/http/origins.ts';
import { claimPrefix } from '../../src/http/prefixes.ts';
import { createTestApp } from './test-app.ts';

let app: FastifyInstance;
afterEach(() => app.close());

const settings = { origins: ['https://chat.example.org/'], loopback: true };
const preflight = (url: string, origin: string) =>
  app.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    },
  });

/** Routes for the question which page may do what with a cookie. */
const guarded: HttpPart = (scope) => {
  scope.post('/change', { config: { access: 'open' } }, (request) => {
    assertTrustedOrigin(request);
    return { done: true };
  });
  claimPrefix(scope, {
    path: '/open-to-tools',
    render: () => ({ status: 404, body: {} }),
    anyLoopbackPort: true,
  });
};

describe('an allowed origin', () => {
  it.each([
    'https://chat.example.org',
    'http://localhost',
    'http://localhost:3000',
    'http://127.0.0.1:5173',
    'http://127.0.0.1:8000',
  ])('%s may read answers and send cookies', async (origin) => {
    app = await createTestApp({ settings });
    const { headers } = await app.inject({ url: '/health', headers: { origin } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    expect(headers['access-control-expose-headers']).toContain('retry-after');
  });

  it('is answered before authentication, on any path', async () => {
    app = await createTestApp({ settings });
    const { statusCode, headers } = await preflight('/api/v1/anything', 'http://localhost:3000');
    expect(statusCode).toBe(204);
    expect(headers['access-control-allow-methods']).toBe('GET, POST, PUT, PATCH, DELETE, OPTIONS');
    expect(headers['access-control-allow-headers']?.split(', ')).toEqual(
      expect.arrayContaining([
        'content-type',
        'authorization',
        'idempotency-key',
        'last-event-id',
        'if-match',
      ]),
    );
  });
});

describe('a foreign origin', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://localhost:3001',
    'https://localhost:3000',
    'http://localhost.evil.example:3000',
    'https://chat.example.org.evil.example',
    'http://192.168.0.2:3000',
  ])('%s is never named', async (origin) => {
    app = await createTestApp({ settings });
    for (const response of [
      await app.inject({ url: '/health', headers: { origin } }),
      await app.inject({ url: '/unknown', headers: { origin } }),
      await preflight('/health', origin),
    ]) {
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
      expect(response.headers).not.toHaveProperty('access-control-allow-credentials');
      expect(JSON.stringify([response.headers, response.body])).not.toContain(
        origin === 'null' ? '"null"' : origin,
      );
    }
  });

  it('gains nothing from development ports on a server that others can reach', async () => {
    app = await createTestApp({ settings: { origins: [], loopback: false } });
    const { headers } = await app.inject({ url: '/health', headers: { origin: 'http://localhost:3000' } });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('of another port of this machine may read, without cookies, where the owner of the path says so', async () => {
    app = await createTestApp({ settings, parts: [guarded] });
    const origin = 'http://localhost:51234';
    const { headers } = await preflight('/open-to-tools/x', origin);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('a change by cookie', () => {
  it.each([
    ['a caller that is no browser', {}, 200],
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://x.example' }, 200],
    ['our own page in an old browser', { origin: 'http://localhost:80' }, 200],
    ['an allowed frontend', { 'sec-fetch-site': 'cross-site', origin: 'https://chat.example.org' }, 200],
    ['a development frontend', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }, 200],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['another site that hides itself', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another port', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:4444' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['another site in an old browser', { origin: 'https://evil.example' }, 403],
  ])('from %s', async (_name, headers, status) => {
    app = await createTestApp({ settings, parts: [guarded] });
    const response = await app.inject({
      method: 'POST',
      url: '/change',
      headers: { host: 'localhost:80', ...headers },
    });
    expect(response.statusCode).toBe(status);
    if (status === 403) expect(response.json()).toMatchObject({ code: 'origin-refused' });
  });
});
