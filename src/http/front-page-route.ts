import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { frontPage, type FrontPageFacts } from './front-page.ts';

/** `GET /`: a page for browsers, and JSON that names the service for everybody else. */
export function frontPageRoute(app: FastifyInstance, facts: FrontPageFacts): void {
  const page = frontPage(facts);
  const styleHash = createHash('sha256')
    .update(/<style>([^]*)<\/style>/.exec(page)?.[1] ?? '')
    .digest('base64');
  const pagePolicy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const { version, dialects } = facts;
  const config = { access: 'open' } as const;

  app.get('/', { config, schema: { tags: ['server'], summary: 'What runs here' } }, (request, reply) => {
    reply.header('vary', 'Origin, Accept');
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) {
      return {
        service: 'parlance',
        status: 'running',
        version,
        dialects,
        docs: '/docs',
        openapi: '/openapi.json',
      };
    }
    return reply.type('text/html; charset=utf-8').header('content-security-policy', pagePolicy).send(page);
  });
}
