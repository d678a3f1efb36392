import type { FastifyInstance } from 'fastify';
import { api } from './api/index.ts';
import { describeRoutes } from './api/openapi.ts';
import { type Config, jwtSecretOf } from './config.ts';
import { createCore, type RunningCore } from './core/create-core.ts';
import { defaultLimits } from './core/limits.ts';
import { createMemoryCounters } from './core/memory-counters.ts';
import type { Counters, Fanout, PasswordHasher } from './core/ports.ts';
import type { Store } from './core/store.ts';
import { createGuessLimits } from './core/users/guess-limits.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import { createTokenSigner } from './credentials/token-signer.ts';
import { dialects } from './dialects/index.ts';
import { mountDialects } from './dialects/kit/mount-dialects.ts';
import { createRemoteImages } from './egress/create-remote-images.ts';
import { createFiles } from './files/create-files.ts';
import { readPictureIn } from './files/picture/read-picture.ts';
import { createTextReader } from './files/text/create-text-reader.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { listen } from './http/listen.ts';
import { createLogger, type Logger } from './http/logger.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { createRateLimits, noRateLimits, type RateLimits } from './http/rate-limits.ts';
import { createShutdown } from './http/shutdown.ts';
import { uploadRoutes } from './http/upload-routes.ts';
import { serveUpgrades, type SocketEndpoint } from './http/upgrades.ts';
import { createModels, type WatchedModels } from './providers/create-models.ts';
import { createFanout } from './realtime/fan-out.ts';
import { createReaders, transports, type Readers } from './realtime/readers.ts';
import { createSseStreams, type SseStreams } from './realtime/sse.ts';
import type { ConnectedNodes, connectNodes } from './redis/connect-nodes.ts';
import { serveAlone } from './storage/engines/sqlite/serve-alone.ts';
import { openStorage } from './storage/open-storage.ts';
import { version } from './version.ts';
import { createVoice } from './voice/create-voice.ts';
import { guardVoice, type WatchedVoice } from './voice/guard-voice.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type OpenCore = {
  running: RunningCore;
  store: Store;
  models: WatchedModels;
  voice: WatchedVoice | undefined;
  close(): Promise<void>;
};
type Surroundings = {
  log: Logger;
  clock?: () => Date;
  fanout?: Fanout;
  counters?: Counters;
  passwords?: PasswordHasher;
  metrics?: Pick<Metrics, 'noteVoice'>;
};

/** The product without its HTTP side, on a migrated database. The command line works on it too. */
export async function openCore(config: Config, surroundings: Surroundings): Promise<OpenCore> {
  const { log, clock = () => new Date(), counters } = surroundings;
  const store = await openStorage({ ...config.database, log, clock });
  const models = createModels(config.models, { log });
  const files = createFiles(config);
  const remoteImages = createRemoteImages({ limitBytes: config.limits.attachmentBytes });
  const voice = config.voice && openVoice(config, config.voice, surroundings.metrics?.noteVoice);
  const running = createCore({
    store,
    models,
    ...(voice ? { voice } : {}),
    files,
    texts: createTextReader(),
    pictures: { read: (bytes) => readPictureIn(Buffer.from(bytes)) },
    remoteImages,
    fanout: surroundings.fanout ?? createFanout({ log }),
    passwords: surroundings.passwords ?? createPasswordHasher(),
    tokens: createTokenSigner({ secret: jwtSecretOf(config), clock }),
    clock,
    log,
    limits: { ...defaultLimits, ...config.limits },
    ...(counters ? { guesses: createGuessLimits(counters, config.rates.guesses) } : {}),
    lifetimes: {
      accessLifetimeMs: config.accessLifetimeMs,
      pairAccessLifetimeMs: dayMs,
      refreshLifetimeMs: 30 * dayMs,
      cookieLifetimeMs: 30 * dayMs,
    },
    prompt: config.prompt,
    leaseMs: config.replyLeaseMs,
  });
  const close = async () => {
    await models.close();
    await voice?.close();
    await files.close();
    await remoteImages.close();
    await store.close();
  };
  return { running, store, models, voice, close };
}

function openVoice(
  { models: { breaker, queue } }: Config,
  settings: NonNullable<Config['voice']>,
  ended: Metrics['noteVoice'] | undefined,
): WatchedVoice {
  const { concurrency } = settings;
  return guardVoice(createVoice(settings), { breaker, queue: { ...queue, concurrency }, ended });
}

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
  const log = createLogger({ level: config.logLevel });
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
