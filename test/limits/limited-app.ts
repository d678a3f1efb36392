import type { FastifyInstance } from 'fastify';
import { api } from '../../src/api/index.ts';
import { onlyModel } from '../../src/core/models.ts';
import type { Rate } from '../../src/core/limits.ts';
import { createMemoryCounters } from '../../src/core/memory-counters.ts';
import type { PasswordHasher } from '../../src/core/ports.ts';
import { createGuessLimits } from '../../src/core/users/guess-limits.ts';
import { dialects } from '../../src/dialects/index.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import { createRateLimits, type LimitName, type RateLimitSettings } from '../../src/http/rate-limits.ts';
import { createSseStreams } from '../../src/realtime/sse.ts';
import { createTestApp } from '../http/test-app.ts';
import { openTempCore } from '../support/temp-core.ts';

export type LimitedApp = {
  app: FastifyInstance;
  /** Every route that counts for a limit, without the patterns of its parameters. */
  routes: readonly { route: string; limit: LimitName }[];
  /** Lets time go by for the counters. */
  pass(ms: number): void;
  close(): Promise<void>;
};
type Settings = Partial<RateLimitSettings> & { guesses?: Rate; passwords?: PasswordHasher };

export const minuteMs = 60_000;
const plenty = { most: 100_000, windowMs: minuteMs };

/** The whole server without a port, with limits whose clock the test plays. Callers come from where `remoteAddress` says. */
export async function openLimitedApp({
  guesses = plenty,
  passwords,
  ...rates
}: Settings): Promise<LimitedApp> {
  let now = Date.parse('2026-01-15T10:00:00Z');
  const counters = createMemoryCounters(() => new Date(now));
  const running = await openTempCore({
    guesses: createGuessLimits(counters, guesses),
    ...(passwords ? { passwords } : {}),
  });
  const { core, ai } = running;
  const streams = createSseStreams({ sessions: core.sessions });
  const settings = {
    'sign-in': plenty,
    register: plenty,
    send: plenty,
    write: plenty,
    localFactor: 1,
    ...rates,
  };
  const routes: { route: string; limit: LimitName }[] = [];
  const app = await createTestApp({
    rateLimits: createRateLimits(counters, settings),
    beforeRoutes: (scope) => {
      scope.addHook('onRoute', ({ method, url, config }) => {
        const limit = config?.limit;
        const path = url.replaceAll(/\([^/]*\)/g, '');
        if (limit !== undefined) routes.push({ route: `${String(method)} ${path}`, limit });
      });
    },
    parts: [
      (scope) => api(scope, { core, models: onlyModel(ai), streams }),
      (scope) => mountDialects(scope, { core, dialects }),
    ],
  });
  return {
    app,
    routes,
    pass: (ms) => void (now += ms),
    async close() {
      await app.close();
      await running.dispose();
    },
  };
}
