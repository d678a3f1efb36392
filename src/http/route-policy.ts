// Brings `tags`, `summary` and `hide` into the schemas of routes.
import type {} from '@fastify/swagger';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** Who may call a route: anyone; anyone, with an actor where signed in; only somebody signed in. */
export type Access = 'open' | 'optional' | 'user';

declare module 'fastify' {
  interface FastifyContextConfig {
    access: Access;
    /**
     * Refuses pages of other sites whoever asks, with `origin-refused`: for signing in by cookie, and for a GET that changes something.
     * What a cookie changes by another method is guarded without it.
     */
    trustedOriginOnly?: boolean;
  }
}

/** Stops the start, naming the routes, when one does not say who may call it. HEAD twins inherit their GET's policy. */
export function requireRoutePolicies(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', (done) => {
    const careless = routes.filter((route) => route.config?.access === undefined);
    const names = careless.map((route) => `${String(route.method)} ${route.url}`);
    done(careless.length > 0 ? new Error(`Routes without config.access: ${names.join(', ')}`) : undefined);
  });
}
