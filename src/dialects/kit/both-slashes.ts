import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Section } from './define-dialect.ts';

/**
 * The section with every route answering with a slash at its end and without, alike and without a redirect. The one that was
 * declared is described, its twin is not.
 */
export const inBothSpellings =
  (section: Section): Section =>
  async (app, options) => {
    addTwins(app);
    await section(app, options);
  };

function addTwins(scope: FastifyInstance): void {
  const twins = new WeakSet<object>();
  scope.addHook('onRoute', (route) => {
    // The twin of a GET brings its own HEAD.
    if (route.method === 'HEAD' || twins.has(route.config ?? {})) return;
    const config = { ...route.config } as NonNullable<RouteOptions['config']>;
    twins.add(config);
    scope.route({ ...route, url: otherSpelling(route.url), schema: { ...route.schema, hide: true }, config });
  });
}

const otherSpelling = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : `${url}/`);
