import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import { authenticateRoutes } from '../../http/authenticate.ts';
import { claimPrefix } from '../../http/prefixes.ts';
import { renderErrors } from '../../http/render-errors.ts';
import type { Dialect } from './define-dialect.ts';
import { settleContests } from './settle-contests.ts';

/** Gives each dialect a scope of its own: its routes, its authentication, its words for failures. */
export async function mountDialects(
  app: FastifyInstance,
  { core, dialects }: { core: Core; dialects: readonly Dialect[] },
): Promise<void> {
  const contests = settleContests(app, dialects);
  for (const dialect of dialects) {
    await app.register(async (scope) => {
      contests.join(scope, dialect);
      await mountDialect(scope, core, dialect);
    });
  }
  contests.answerTheRest(app);
}

async function mountDialect(scope: FastifyInstance, core: Core, dialect: Dialect): Promise<void> {
  const { prefixes, renderError: render, anyLoopbackPort = false, accepts } = dialect;
  for (const path of prefixes) claimPrefix(scope, { path, render, anyLoopbackPort });
  renderErrors(scope, render);
  authenticateRoutes(scope, { core, accepts });
  // Clients send an empty body where every field is optional or missing: the schema says which it is.
  scope.addHook('preValidation', (request, _reply, done) => {
    request.body ??= {};
    done();
  });
  for (const section of dialect.sections) await scope.register(section, { core });
}
