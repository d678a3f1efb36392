import type { FastifyInstance } from 'fastify';

/** For clients that send null for what they have not: a field of a body that is null is as good as absent, throughout a scope. */
export function nullIsMissing(scope: FastifyInstance): void {
  scope.addHook('preValidation', ({ body }, _reply, done) => {
    if (isObject(body)) {
      for (const [name, value] of Object.entries(body)) if (value === null) delete body[name];
    }
    done();
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
