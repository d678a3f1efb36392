import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Store } from '../core/store.ts';
import type { Provider } from '../core/provider.ts';
import { decorateActor } from './actor.ts';
import { addAnswerHeaders } from './answer-headers.ts';
import { bodyLimitBytes, parseBodies } from './body-parsers.ts';
import { answerClientError } from './client-errors.ts';
import { rememberConnections } from './connections.ts';
import { frontPageRoute } from './front-page-route.ts';
import { createHandshakeReader, type TrustProxy } from './handshake.ts';
import { healthRoutes } from './health-routes.ts';
import { buildLazySerializer, lazyValidatorCompiler } from './lazy-schemas.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { metricsRoute } from './metrics-route.ts';
import { answerRouterError, answerUnknownRoutes } from './not-found.ts';
import { createOriginPolicy, type OriginSettings } from './origins.ts';
import { renderProblem } from './problem.ts';
import { limitRequests } from './rate-limit-hook.ts';
import { noRateLimits, type RateLimits } from './rate-limits.ts';
import { createReadiness } from './readiness.ts';
import { renderErrors } from './render-errors.ts';
import { requestId } from './request-id.ts';
import { requireRoutePolicies } from './route-policy.ts';
import { toDomainError } from './to-domain-error.ts';
import { boundUntakenAnswers, defaultUntakenLimits, type UntakenLimits } from './untaken-answers.ts';

export type HttpSettings = OriginSettings & {
  version: string;
  /** The names of the dialects that are served, for the front page. */
  dialects: readonly string[];
  /** Nobody without it. */
  trustProxy?: TrustProxy;
  /** How many connections are held at once; more are closed on arrival. */
  maxConnections?: number;
};

/** A group of routes: a dialect, the native API. Registered as a plugin, so that its hooks stay its own. */
export type HttpPart = (scope: FastifyInstance) => void | Promise<unknown>;

export type HttpAppOptions = {
  settings: HttpSettings;
  store: Pick<Store, 'ping'>;
  provider: Pick<Provider, 'models' | 'name'>;
  log: Logger;
  metrics: Metrics;
  /** Without it nothing is limited. */
  rateLimits?: RateLimits;
  /** Of answers that nobody reads. */
  untaken?: Partial<UntakenLimits>;
  /** Called on the app itself before any route is declared: what has to see all of them. */
  beforeRoutes?: HttpPart;
  parts: readonly HttpPart[];
};

/** The whole HTTP side, ready for `inject`; `listen` gives it a port. Rejects when a route has no access policy. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { settings, store, provider, log, metrics, parts } = options;
  const loggerInstance: FastifyBaseLogger = log;
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger per request would cost more than most requests: what is logged names its request itself.
    childLoggerFactory: (logger) => logger,
    genReqId: requestId,
    bodyLimit: bodyLimitBytes,
    trustProxy: settings.trustProxy ?? false,
    return503OnClosing: false,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 100_000,
    http: { headersTimeout: 20_000, maxHeaderSize: 16 * 1024 },
    schemaController: { compilersFactory: { buildSerializer: buildLazySerializer } },
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) =>
      answerRouterError(app, toDomainError(error), { request, reply }),
  });
  app.server.maxConnections = settings.maxConnections ?? 15_000;
  app.setValidatorCompiler(lazyValidatorCompiler);
  app.decorate('origins', createOriginPolicy(settings));
  app.decorate('handshake', createHandshakeReader(settings.trustProxy ?? false));
  app.decorate('prefixes', []);
  app.decorate('stopping', false);
  decorateActor(app);
  rememberConnections(app);
  requireRoutePolicies(app);
  addAnswerHeaders(app);
  metrics.measureRequests(app);
  logRequests(app, log);
  limitRequests(app, options.rateLimits ?? noRateLimits);
  boundUntakenAnswers(app, { ...defaultUntakenLimits, ...options.untaken });
  parseBodies(app);
  renderErrors(app, renderProblem);
  answerUnknownRoutes(app);
  await options.beforeRoutes?.(app);

  frontPageRoute(app, { version: settings.version, dialects: settings.dialects, provider: provider.name });
  healthRoutes(app, { version: settings.version, ready: createReadiness({ store, provider }) });
  metricsRoute(app, metrics);
  for (const part of parts) await app.register(async (scope) => void (await part(scope)));
  await app.ready();
  return app;
}

/** One line per request at level `debug`; an answer of 500 and above is a warning at any level that shows those. */
function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 500 ? 'warn' : 'debug';
    if (log.isLevelEnabled(level)) {
      const { raw: req, id: requestId } = request;
      log[level]({ requestId, req, res: reply, ms: Math.round(reply.elapsedTime) }, 'Request answered');
    }
    done();
  });
}
