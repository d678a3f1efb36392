import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { api } from '../../src/api/index.ts';
import { describeRoutes } from '../../src/api/openapi.ts';
import type { Core } from '../../src/core/core.ts';
import { createCore } from '../../src/core/create-core.ts';
import { defaultLimits, type Limits } from '../../src/core/limits.ts';
import { onlyModel } from '../../src/core/models.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { VoiceService } from '../../src/core/voice/voice.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { quickFolder } from '../support/quick-folder.ts';
import { createTokenSigner } from '../../src/credentials/token-signer.ts';
import { dialects } from '../../src/dialects/index.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import { listen } from '../../src/http/listen.ts';
import { createLogger } from '../../src/http/logger.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { uploadRoutes } from '../../src/http/upload-routes.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { createSseStreams, type SseStreams } from '../../src/realtime/sse.ts';
import { openStorage } from '../../src/storage/open-storage.ts';

export type Route = { method: string; url: string };
export type ApiServer = {
  url: string;
  core: Core;
  app: FastifyInstance;
  streams: SseStreams;
  /** Every route that was declared, but HEAD twins and those that are hidden. */
  routes: readonly Route[];
  close(): Promise<void>;
};

const dayMs = 86_400_000;

type ServerOptions = {
  provider: Provider;
  voice?: VoiceService;
  limits?: Partial<Limits>;
  clock?: () => Date;
};

/** The whole server around an AI that the test plays, on a database of its own and any free port. */
export async function startApiServer({
  provider,
  voice,
  limits,
  clock = () => new Date(),
}: ServerOptions): Promise<ApiServer> {
  const folder = await mkdtemp(join(quickFolder, 'parlance-api-'));
  const log = createLogger({ level: 'silent' });
  const store = await openStorage({ url: `sqlite:${join(folder, 'parlance.db')}`, log, clock });
  const models = onlyModel(provider);
  const running = createCore({
    store,
    models,
    ...(voice ? { voice } : {}),
    files: openFiles(join(folder, 'uploads')),
    fanout: createFanout({ log }),
    passwords: cheapPasswords(),
    tokens: createTokenSigner({ secret: 'a secret of the tests, long enough to be one', clock }),
    clock,
    log,
    limits: { ...defaultLimits, ...limits },
    lifetimes: {
      accessLifetimeMs: dayMs,
      pairAccessLifetimeMs: dayMs,
      refreshLifetimeMs: dayMs,
      cookieLifetimeMs: dayMs,
    },
    prompt: { system: '', historyTurns: 10, historyTokens: 4_000 },
    leaseMs: 5_000,
  });
  const { core } = running;
  const streams = createSseStreams({ sessions: core.sessions });
  const routes: Route[] = [];
  const app = await createHttpApp({
    settings: {
      version: '1.2.3',
      dialects: ['histories'],
      origins: ['https://chat.example.org'],
      loopback: true,
    },
    store,
    provider,
    log,
    metrics: createMetrics(),
    beforeRoutes: (scope) => {
      scope.addHook('onRoute', ({ method, url, schema }) => {
        if (schema?.hide !== true)
          for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, url });
      });
      return describeRoutes(scope, { version: '1.2.3' });
    },
    parts: [
      (scope) => api(scope, { core, models, streams }),
      (scope) => uploadRoutes(scope, { core }),
      (scope) => mountDialects(scope, { core, dialects }),
    ],
  });
  await running.start();
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url,
    core,
    app,
    streams,
    routes,
    async close() {
      streams.close();
      await running.stop(0);
      app.server.closeAllConnections();
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
