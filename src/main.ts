import type { FastifyInstance } from 'fastify';
import { api } from './api/index.ts';
import { describeRoutes } from './api/openapi.ts';
import type { Config } from './config.ts';
import { createMemoryCounters } from './core/memory-counters.ts';
import { dialects } from './dialects/index.ts';
import { mountDialects } from './dialects/kit/mount-dialects.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { listen } from './http/listen.ts';
import { createLogger, type Logger } from './http/logger.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { createRateLimits, noRateLimits, type RateLimits } from './http/rate-limits.ts';
import { createShutdown } from './http/shutdown.ts';
import { uploadRoutes } from './http/upload-routes.ts';
import { serveUpgrades, type SocketEndpoint } from './http/upgrades.ts';
import { openCore, type OpenCore, type Surroundings } from './open-core.ts';
import { createFanout } from './realtime/fan-out.ts';
import { createReaders, transports, type Readers } from './realtime/readers.ts';
import { createSseStreams, type SseStreams } from './realtime/sse.ts';
import type { ConnectedNodes, connectNodes } from './redis/connect-nodes.ts';
import { serveAlone } from './storage/engines/sqlite/serve-alone.ts';
import { version } from './version.ts';

/** The core of a server, which has an SQLite file for itself. */
async function openAlone(config: Config, surroundings: Surroundings): Promise<OpenCore> {
  const product = await openCore(config, surroundings);
  const { file } = config.database;
  if (file === undefined) return product;
  try {
    const place = serveAlone(file);
    return { ...product, close: () => product.close().finally(() => place.giveUp()) };
  } catch (thrown) {
    await product.close();
    throw thrown;
  }
}

/** Loaded where it is needed: a server without Redis starts sooner. */
const joinNodes = async (...parts: Parameters<typeof connectNodes>): Promise<ConnectedNodes> =>
  (await import('./redis/connect-nodes.ts')).connectNodes(...parts);

export type OpenPort = { url: string; dialects: readonly string[] };
export type RunningServer = {
  ports: readonly OpenPort[];
  /** Who answers where nobody chose, as a chat would choose it. */
  ai: string;
  log: Logger;
  stop(): Promise<void>;
};

/** Migrates, listens and serves. Rejects, with everything closed again, when a port or the data folder cannot be had. */
export async function startServer(
  config: Config,
  parts: Pick<Surroundings, 'passwords'> = {},
): Promise<RunningServer> {
  const log = createLogger({ level: config.logLevel, format: config.logFormat });
  const metrics = createMetrics();
  const alone = { fanout: createFanout({ log }), counters: createMemoryCounters(() => new Date()) };
  const nodes = config.redis && (await joinNodes(config.redis, { ...alone, log }));
  const fanout = metrics.measureReplies((nodes ?? alone).fanout);
  const counters = config.rateLimits ? (nodes ?? alone).counters : undefined;
  const surroundings = { ...parts, log, fanout, metrics, ...(counters ? { counters } : {}) };
  const product = await openAlone(config, surroundings).catch(async (thrown: unknown) => {
    await nodes?.close();
    throw thrown;
  });
  const { running, models, voice } = product;
  metrics.measureProviders(() => [...models.load(), ...(voice?.load() ?? [])]);
  await models.look();
  const close = async () => {
    await product.close();
    await nodes?.close();
  };
  const readers = createReaders({ sessions: running.core.sessions });
  metrics.measureReaders({ transports, count: readers.count });
  const streams = createSseStreams({ sessions: running.core.sessions, readers });
  const rateLimits = counters ? createRateLimits(counters, config.rates) : noRateLimits;
  const shared = { ...product, log, metrics, readers, streams, rateLimits };

  const served: Served[] = [];
  try {
    for (const { dialects: names } of config.listeners) served.push(await serve(config, names, shared));
    await running.start();
    const ports: OpenPort[] = [];
    for (const [index, { port, dialects: names }] of config.listeners.entries()) {
      const app = served[index]?.app;
      if (app) ports.push({ url: await listen(app, { host: config.host, port }), dialects: names });
    }
    const stop = createShutdown({
      apps: served.map(({ app }) => app),
      log,
      // Readers of running replies get their end; those of the feed are sent to whoever serves next.
      drain: [() => running.stop(config.shutdownGraceMs).finally(() => readers.close())],
      close: [
        ...served.flatMap(({ endpoints }) => endpoints.map((endpoint) => () => endpoint.close())),
        close,
      ],
      // Replies are interrupted when their grace is over; then their readers still have to be told.
      graceMs: config.shutdownGraceMs + 1_000,
    });
    return { ports, ai: models.standard.name, log, stop };
  } catch (thrown) {
    for (const { app } of served) await app.close();
    await running.stop(0);
    await close();
    throw thrown;
  }
}

type Served = { app: FastifyInstance; endpoints: SocketEndpoint[] };
type Shared = OpenCore & {
  log: Logger;
  metrics: Metrics;
  readers: Readers;
  streams: SseStreams;
  rateLimits: RateLimits;
};

/** What one port serves: some dialects, and what all ports have. */
async function serve(config: Config, names: readonly string[], shared: Shared): Promise<Served> {
  const { running, store, models, log, metrics, readers, streams, rateLimits } = shared;
  const { core } = running;
  const endpoints: SocketEndpoint[] = [];
  const chosen = dialects.filter(({ name }) => names.includes(name));
  const app = await createHttpApp({
    settings: {
      version,
      dialects: names,
      origins: config.corsOrigins,
      loopback: config.isLoopback,
      trustProxy: config.trustProxy,
    },
    store,
    provider: models.standard.provider,
    log,
    metrics,
    rateLimits,
    beforeRoutes: (scope) => describeRoutes(scope, { version }),
    parts: [
      (scope) => api(scope, { core, models, streams }),
      (scope) => uploadRoutes(scope, { core }),
      async (scope) => {
        const { branding } = config;
        endpoints.push(...(await mountDialects(scope, { core, readers, dialects: chosen, branding })));
      },
    ],
  });
  serveUpgrades(app, endpoints);
  return { app, endpoints };
}
