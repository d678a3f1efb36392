import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../src/core/errors.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createTestApp } from './test-app.ts';

let app: FastifyInstance;
afterEach(() => app.close());

describe('GET /health', () => {
  it('is 200 with a status', async () => {
    app = await createTestApp();
    const response = await app.inject('/health');
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { status: 'ok', version: '1.2.3', uptime_seconds: expect.any(Number) as number },
    ]);
  });
});

describe('GET /ready', () => {
  const away = () => Promise.reject(new DomainError('storage-unavailable'));

  it('is 200 when the database and the AI answer', async () => {
    app = await createTestApp();
    const response = await app.inject('/ready');
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { status: 'ready', parts: { database: 'ok', ai: 'ok' } },
    ]);
  });

  it('is 503 and says which part is away', async () => {
    app = await createTestApp({ store: { ping: away } });
    const response = await app.inject('/ready');
    expect([response.statusCode, response.headers['retry-after'], response.json()]).toEqual([
      503,
      '3',
      { status: 'unready', parts: { database: 'unreachable', ai: 'ok' } },
    ]);
  });

  it('looks once for many who ask', async () => {
    const ping = vi.fn(() => Promise.resolve());
    app = await createTestApp({ store: { ping } });
    await Promise.all(Array.from({ length: 20 }, () => app.inject('/ready')));
    expect(ping).toHaveBeenCalledTimes(1);
  });
});

describe('GET /metrics', () => {
  it('counts requests by their route, never by their address', async () => {
    app = await createTestApp({ metrics: createMetrics() });
    await app.inject('/health?token=abc');
    await app.inject('/somebody@example.org');
    const { statusCode, body } = await app.inject('/metrics');
    expect(statusCode).toBe(200);
    expect(body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/health",status="200"} 1',
    );
    expect(body).toContain('http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
    expect(body).not.toMatch(/abc|somebody/);
    expect(body).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  it.each([
    ['127.0.0.1', {}, 200],
    ['::1', {}, 200],
    ['::ffff:10.1.2.3', {}, 200],
    ['172.31.0.9', {}, 200],
    ['fd00::7', {}, 200],
    ['172.32.0.9', {}, 404],
    ['8.8.8.8', {}, 404],
    ['::ffff:808:808', {}, 404],
    ['2001:db8::1', {}, 404],
    ['127.0.0.1', { 'x-forwarded-for': '8.8.8.8' }, 404],
  ])('for %s %j is %i', async (remoteAddress, headers, status) => {
    app = await createTestApp();
    expect((await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode).toBe(status);
  });
});
