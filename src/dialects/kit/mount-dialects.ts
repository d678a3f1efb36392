import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import { authenticateRoutes } from '../../http/authenticate.ts';
import { claimPrefix } from '../../http/prefixes.ts';
import { renderErrors } from '../../http/render-errors.ts';
import type { SocketEndpoint } from '../../http/upgrades.ts';
import type { Readers } from '../../realtime/readers.ts';
import { type Branding, plainBranding } from './branding.ts';
import type { Dialect } from './define-dialect.ts';
import { settleContests } from './settle-contests.ts';

export type MountDialects = {
  core: Core;
  dialects: readonly Dialect[];
  /** Who has a socket open; without it none are served. */
  readers?: Readers;
  branding?: Branding;
};

/** Gives each dialect a scope of its own: its routes, its authentication, its words for failures. Resolves with where its sockets begin. */
export async function mountDialects(
  app: FastifyInstance,
  { core, dialects, readers, branding = plainBranding }: MountDialects,
): Promise<SocketEndpoint[]> {
  const endpoints: SocketEndpoint[] = [];
  const contests = settleContests(app, dialects);
  for (const dialect of dialects) {
    await app.register(async (scope) => {
      contests.join(scope, dialect);
      await mountDialect(scope, dialect, { core, branding });
      if (readers && dialect.sockets) endpoints.push(await dialect.sockets({ core, readers, app: scope }));
    });
  }
  contests.answerTheRest(app);
  return endpoints;
}

type Given = Parameters<Dialect['sections'][number]>[1];

async function mountDialect(scope: FastifyInstance, dialect: Dialect, given: Given): Promise<void> {
  const { prefixes, renderError: render, anyLoopbackPort = false, accepts } = dialect;
  for (const path of prefixes) claimPrefix(scope, { path, render, anyLoopbackPort });
  renderErrors(scope, render);
  authenticateRoutes(scope, { core: given.core, accepts });
  // Clients send an empty body where every field is optional or missing: the schema says which it is.
  scope.addHook('preValidation', (request, _reply, done) => {
    request.body ??= {};
    done();
  });
  for (const section of dialect.sections) await scope.register(section, given);
}
