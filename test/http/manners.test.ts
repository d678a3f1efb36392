import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../src/core/errors.ts';
import type { HttpPart } from '../../src/http/create-http-app.ts';
import { claimPrefix } from '../../src/http/prefixes.ts';
import { createTestApp } from './test-app.ts';

let app: FastifyInstance;
afterEach(() => app.close());

const echo: HttpPart = (scope) => {
  scope.post('/echo', { config: { access: 'open' } }, (request) => ({ body: request.body ?? null }));
  scope.get('/chats/:id(^[-+\\d].*$)', { config: { access: 'open' } }, (request) => request.params);
  scope.delete('/chats/:id(^[-+\\d].*$)', { config: { access: 'open' } }, () => ({}));
  scope.get('/broken', { config: { access: 'open' } }, () => {
    throw new Error('a secret detail');
  });
  scope.get('/busy', { config: { access: 'open' } }, () => {
    throw new DomainError('server-busy', { retryAfterSeconds: 2.5 });
  });
};

const post = (payload: string | Buffer, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/echo', headers: { 'content-type': type }, payload });

describe('bodies', () => {
  it.each([
    ['a JSON object', '{"a":[1,{"b":"ü"}]}', 200, { a: [1, { b: 'ü' }] }],
    ['no body at all', '', 200, null],
    ['64 levels', `${'['.repeat(64)}${']'.repeat(64)}`, 200, undefined],
    ['brackets in a string', JSON.stringify({ a: '['.repeat(500) + '\\"{' }), 200, undefined],
    ['forbidden words as values', '{"a":"__proto__ constructor"}', 200, undefined],
    ['a forbidden word in a longer key', '{"constructors":1}', 200, { constructors: 1 }],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, 400, 'request-too-deep'],
    ['a million levels', '['.repeat(1_000_000), 400, 'request-too-deep'],
    ['half an object', '{"a":', 400, 'request-malformed'],
    ['__proto__', '{"a":{"__proto__":1}}', 400, 'key-forbidden'],
    ['an escaped __proto__', String.raw`[{"\u005f_proto__":1}]`, 400, 'key-forbidden'],
    ['constructor', '{"constructor":{"prototype":1}}', 400, 'key-forbidden'],
    ['prototype', '{"prototype":1}', 400, 'key-forbidden'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400, 'request-malformed'],
    ['more than 1 MiB', `"${'x'.repeat(1024 * 1024)}"`, 413, 'body-too-large'],
  ])('%s', async (_name, payload, ...[status, expected]) => {
    app = await createTestApp({ parts: [echo] });
    const response = await post(payload);
    expect(response.statusCode).toBe(status);
    if (typeof expected === 'string') expect(response.json()).toMatchObject({ status, code: expected });
    else if (expected !== undefined) expect(response.json()).toEqual({ body: expected });
  });

  it.each([
    ['a=1&b=x+y%C3%BC&b=z', 200, { a: '1', b: 'z' }],
    ['a=ü&c', 200, { a: 'ü', c: '' }],
    ['__proto__=1', 200, undefined],
    ['a=%ff', 400, undefined],
    ['a=%zz', 400, undefined],
    [Buffer.from([0x61, 0x3d, 0xff]), 400, undefined],
    ['a&'.repeat(1001), 400, undefined],
  ])('form %.20s', async (payload, status, expected) => {
    app = await createTestApp({ parts: [echo] });
    const response = await post(payload, 'application/x-www-form-urlencoded');
    expect(response.statusCode).toBe(status);
    if (expected !== undefined) expect(response.json()).toEqual({ body: expected });
  });

  it.each(['text/plain', 'application/xml', 'nonsense', 'application/json-ish'])(
    '%s is not accepted',
    async (type) => {
      app = await createTestApp({ parts: [echo] });
      expect((await post('x', type)).json()).toMatchObject({ status: 415, code: 'media-type-unsupported' });
    },
  );
});

describe('answers', () => {
  it('carry the constant headers and a request id', async () => {
    app = await createTestApp();
    const { headers } = await app.inject({ url: '/health', headers: { 'x-request-id': 'trace-1' } });
    expect(headers).toMatchObject({
      'x-request-id': 'trace-1',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  });

  it.each(['a b', 'x'.repeat(129), '<script>'])('do not repeat the request id %s', async (given) => {
    app = await createTestApp();
    const { headers } = await app.inject({ url: '/health', headers: { 'x-request-id': given } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to what nobody foresaw show nothing of it', async () => {
    app = await createTestApp({ parts: [echo] });
    const response = await app.inject('/broken');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'server-error' });
    expect(response.body).not.toContain('secret');
  });

  it('to a busy server say when to come back', async () => {
    app = await createTestApp({ parts: [echo] });
    const response = await app.inject('/busy');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '3']);
  });
});

describe('unknown routes', () => {
  it.each([
    ['GET', '/nothing', 404, undefined],
    ['GET', '/chats/list', 404, undefined],
    ['POST', '/chats/12', 405, 'DELETE, GET, HEAD, OPTIONS'],
    ['GET', '/echo', 405, 'POST, OPTIONS'],
    ['OPTIONS', '/echo', 204, 'POST, OPTIONS'],
    ['GET', '/%', 400, undefined],
    ['GET', '/%00', 404, undefined],
    ['GET', `/chats/1${'0'.repeat(300)}`, 404, undefined],
    ['GET', `/${'x'.repeat(9000)}`, 404, undefined],
  ] as const)('%s %s is %i', async (method, url, ...[status, allow]) => {
    app = await createTestApp({ parts: [echo] });
    const response = await app.inject({ method, url });
    expect([response.statusCode, response.headers.allow]).toEqual([status, allow]);
  });

  it('are answered in the words of those who own the prefix', async () => {
    const claims: HttpPart = (scope) => {
      claimPrefix(scope, { path: '/api', render: () => ({ status: 404, body: { outer: true } }) });
      claimPrefix(scope, { path: '/api/chat', render: () => ({ status: 404, body: { error: 'x' } }) });
      claimPrefix(scope, { path: '/api/chat', render: () => ({ status: 404, body: { message: 'y' } }) });
    };
    app = await createTestApp({ parts: [claims] });
    expect((await app.inject('/api/chat/nope?x=1')).json()).toEqual({ error: 'x', message: 'y' });
    expect((await app.inject('/api/other')).json()).toEqual({ outer: true });
    expect((await app.inject('/apix')).json()).toMatchObject({ code: 'route-not-found' });
  });
});

describe('a route without an access policy', () => {
  it('stops the start by name', async () => {
    const careless: HttpPart = (scope) => {
      scope.get('/careless', () => 'x');
    };
    await expect(createTestApp({ parts: [careless] })).rejects.toThrow('GET /careless');
    app = await createTestApp();
  });
});

describe('GET /', () => {
  it('shows a browser a page that loads nothing', async () => {
    app = await createTestApp();
    const { headers, body } = await app.inject({ url: '/', headers: { accept: 'text/html,*/*' } });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/style-src 'sha256-[\w+/=]+'/);
    expect(body).toContain('1.2.3');
    expect(body).not.toMatch(/<script|src=|@import|url\(/);
  });

  it('names the service to everybody else', async () => {
    app = await createTestApp();
    expect((await app.inject('/')).json()).toMatchObject({
      service: 'parlance',
      version: '1.2.3',
      dialects: ['histories'],
    });
  });
});
