import { api } from './api/index.ts';
import { describeRoutes } from './api/openapi.ts';
import { type Config, jwtSecretOf } from './config.ts';
import { createCore, type RunningCore } from './core/create-core.ts';
import { defaultLimits } from './core/limits.ts';
import { createMemoryCounters } from './core/memory-counters.ts';
import type { Counters, Fanout } from './core/ports.ts';
import type { Store } from './core/store.ts';
import type { Provider } from './core/provider.ts';
import { createGuessLimits } from './core/users/guess-limits.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import { createTokenSigner } from './credentials/token-signer.ts';
import { dialects } from './dialects/index.ts';
import { mountDialects } from './dialects/kit/mount-dialects.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { listen } from './http/listen.ts';
import { createLogger, type Logger } from './http/logger.ts';
import { createMetrics } from './http/metrics.ts';
import { createRateLimits } from './http/rate-limits.ts';
import { createShutdown } from './http/shutdown.ts';
import { serveUpgrades, type SocketEndpoint } from './http/upgrades.ts';
import { createProvider } from './providers/index.ts';
import { createFanout } from './realtime/fan-out.ts';
import { createReaders, transports } from './realtime/readers.ts';
import { createSseStreams } from './realtime/sse.ts';
import { openStorage } from './storage/open-storage.ts';
import { version } from './version.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type OpenCore = { running: RunningCore; store: Store; provider: Provider; close(): Promise<void> };
type Surroundings = { log: Logger; clock?: () => Date; fanout?: Fanout; counters?: Counters };

/** The product without its HTTP side, on a migrated database. The command line works on it too. */
export async function openCore(config: Config, surroundings: Surroundings): Promise<OpenCore> {
  const { log, clock = () => new Date(), counters } = surroundings;
  const store = await openStorage({ url: config.database.file, log, clock });
  const provider = createProvider(config.provider);
  const running = createCore({
    store,
    provider,
    fanout: surroundings.fanout ?? createFanout({ log }),
    passwords: createPasswordHasher(),
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
    await provider.close();
    await store.close();
  };
  return { running, store, provider, close };
}

export type RunningServer = { url: string; log: Logger; stop(): Promise<void> };

/** Migrates, listens and serves. Rejects, with everything closed again, when the port or the data folder cannot be had. */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLogger({ level: config.logLevel });
  const metrics = createMetrics();
  const fanout = metrics.measureReplies(createFanout({ log }));
  const counters = config.rateLimits ? createMemoryCounters(() => new Date()) : undefined;
  const { running, store, provider, close } = await openCore(config, {
    log,
    fanout,
    ...(counters ? { counters } : {}),
  });
  const { core } = running;
  const readers = createReaders({ sessions: core.sessions });
  metrics.measureReaders({ transports, count: readers.count });
  const streams = createSseStreams({ sessions: core.sessions, readers });
  const chosen = dialects.filter(({ name }) => config.dialects.includes(name));
  const endpoints: SocketEndpoint[] = [];

  try {
    const app = await createHttpApp({
      settings: {
        version,
        dialects: config.dialects,
        origins: config.corsOrigins,
        loopback: config.isLoopback,
        trustProxy: config.trustProxy,
      },
      store,
      provider,
      log,
      metrics,
      ...(counters ? { rateLimits: createRateLimits(counters, config.rates) } : {}),
      beforeRoutes: (scope) => describeRoutes(scope, { version }),
      parts: [
        (scope) => api(scope, { core, provider, streams }),
        async (scope) => {
          const { branding } = config;
          endpoints.push(...(await mountDialects(scope, { core, readers, dialects: chosen, branding })));
        },
      ],
    });
    serveUpgrades(app, endpoints);
    await running.start();
    const url = await listen(app, config);
    const stop = createShutdown({
      app,
      log,
      // Readers of running replies get their end; those of the feed are sent to whoever serves next.
      drain: [() => running.stop(config.shutdownGraceMs).finally(() => readers.close())],
      close: [...endpoints.map((endpoint) => () => endpoint.close()), close],
      // Replies are interrupted when their grace is over; then their readers still have to be told.
      graceMs: config.shutdownGraceMs + 1_000,
    });
    return { url, log, stop };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
