import type { FastifyInstance } from 'fastify';
import { createHttpApp, type HttpAppOptions, type HttpSettings } from '../../src/http/create-http-app.ts';
import { createLogger } from '../../src/http/logger.ts';
import { createMetrics } from '../../src/http/metrics.ts';

/** The HTTP side alone, with nothing behind it but what a test gives. */
export function createTestApp(
  options: Partial<Omit<HttpAppOptions, 'settings'>> & { settings?: Partial<HttpSettings> } = {},
): Promise<FastifyInstance> {
  return createHttpApp({
    store: { ping: async () => {} },
    provider: { name: 'test-ai', models: async () => [] },
    log: createLogger({ level: 'silent' }),
    metrics: createMetrics(),
    parts: [],
    ...options,
    settings: { origins: [], loopback: true, version: '1.2.3', dialects: ['histories'], ...options.settings },
  });
}
