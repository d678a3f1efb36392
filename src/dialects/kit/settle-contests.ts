import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../core/errors.ts';
import { parseForm } from '../../http/parse-form.ts';
import { parseJson } from '../../http/parse-json.ts';
import { pathOf } from '../../http/prefixes.ts';
import { renderErrors } from '../../http/render-errors.ts';
import { renderTogether } from '../../http/render-together.ts';
import { contestedRoutes, type ContestedRoute } from './contested-routes.ts';
import type { Dialect } from './define-dialect.ts';
import { peekBody, replayBody } from './peek-body.ts';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Handler = ReturnType<ReturnType<Strategy['storage']>['get']>;
type RouteConfig = FastifyRequest['routeOptions']['config'];

export type Contests = {
  /** Must be called on a dialect's scope before its routes are declared. */
  join(scope: FastifyInstance, dialect: Dialect): void;
  /** Answers the callers who are neither's: 400 with the keys of both. To be called once all dialects are mounted. */
  answerTheRest(app: FastifyInstance): void;
};

/**
 * Lets two dialects that are both mounted have the same route: each keeps its own, with its hooks, schemas and words, and the router
 * chooses by the rule of `contestedRoutes`. Where only one of them is mounted, nothing happens.
 */
export function settleContests(app: FastifyInstance, dialects: readonly Dialect[]): Contests {
  const contests = new Map<string, ContestedRoute>();
  for (const contest of contestedRoutes) {
    if (contest.between.every((name) => dialects.some((dialect) => dialect.name === name))) {
      contests.set(`${contest.method} ${contest.path}`, contest);
    }
  }
  const configs = new Map<string, RouteConfig>();
  if (contests.size > 0) app.addConstraintStrategy(createStrategy(contests));

  return {
    join(scope, { name }) {
      scope.addHook('onRoute', (route) => {
        const key = `${String(route.method)} ${route.url}`;
        const contest = contests.get(key);
        if (contest === undefined || !contest.between.includes(name)) return;
        route.constraints = { ...route.constraints, [constraint]: name };
        if ('ofBody' in contest) route.preParsing = [replayBody, ...[route.preParsing ?? []].flat()];
        if (route.config !== undefined) configs.set(`${name} ${key}`, route.config as RouteConfig);
      });
    },
    answerTheRest(scope) {
      for (const [key, contest] of contests) {
        if (!('ofBody' in contest)) continue;
        const renderers = dialects
          .filter(({ name }) => contest.between.includes(name))
          .map(({ name, renderError }) => inTheWordsOf(configs.get(`${name} ${key}`), renderError));
        void scope.register(async (own) => {
          renderErrors(own, renderTogether(renderers));
          own.route({
            method: contest.method,
            url: contest.path,
            config: { access: 'open' },
            schema: { hide: true },
            preParsing: replayBody,
            handler: () => {
              throw new DomainError('fields-missing');
            },
          });
        });
      }
    },
  };
}

const constraint = 'dialect';

/** Three parameters tell the router that the answer comes by callback; its types do not know of that. */
function createStrategy(contests: ReadonlyMap<string, ContestedRoute>): Strategy {
  type Done = (error: null, name: string | undefined) => void;
  return {
    name: constraint,
    storage: () => {
      const handlers = new Map<unknown, NonNullable<Handler>>();
      return {
        get: (name) => handlers.get(name) ?? null,
        set: (name, handler) => void handlers.set(name, handler),
      };
    },
    deriveConstraint: ((request: IncomingMessage, _context: unknown, done: Done) => {
      // Only these methods and paths cost anything.
      const contest =
        request.method === 'POST' ? contests.get(`POST ${pathOf(request.url ?? '')}`) : undefined;
      if (contest === undefined) return done(null, undefined);
      if ('ofHeaders' in contest) return done(null, contest.ofHeaders(request.headers));
      peekBody(request, (bytes) => {
        const body = parse(bytes, request.headers['content-type'] ?? '');
        done(null, body === undefined ? undefined : contest.ofBody(body));
      });
    }) as unknown as Strategy['deriveConstraint'],
  };
}

/** What cannot be understood is nobody's: the route that answers the rest says why. */
function parse(bytes: Buffer | undefined, contentType: string): object | undefined {
  if (bytes === undefined) return undefined;
  try {
    const body = /^application\/x-www-form-urlencoded\b/i.test(contentType)
      ? parseForm(bytes)
      : parseJson(bytes);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A dialect's own route may have sentences of its own: they count here, too. */
const inTheWordsOf =
  (config: RouteConfig | undefined, render: Dialect['renderError']): Dialect['renderError'] =>
  (error, request) => {
    const routeOptions = { ...request.routeOptions, config };
    return render(error, Object.create(request, { routeOptions: { value: routeOptions } }) as FastifyRequest);
  };
