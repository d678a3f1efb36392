import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.ts';

const open = { config: { access: 'open' } } as const;

/** `/health`: the process is alive. `/ready`: it can do its work; 503 with the parts that cannot. */
export function healthRoutes(
  app: FastifyInstance,
  parts: { version: string; ready: () => Promise<Readiness> },
) {
  app.get('/health', { ...open, schema: { tags: ['server'], summary: 'Alive' } }, () => ({
    status: 'ok',
    version: parts.version,
    uptime_seconds: Math.round(process.uptime()),
  }));

  app.get(
    '/ready',
    { ...open, schema: { tags: ['server'], summary: 'Able to work' } },
    async (_request, reply) => {
      const { ready, parts: states } = await parts.ready();
      if (!ready) reply.code(503).header('retry-after', '3');
      return { status: ready ? 'ready' : 'unready', parts: states };
    },
  );
}
