import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { fastify, type FastifyInstance } from 'fastify';
import { docsTheme } from './docs-theme.ts';

/** The page runs its own files and nothing else; trying a route out reaches this server only. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** An app of its own that shows an OpenAPI description at `/docs`, and answers by `inject` alone: it has no port. */
export async function createDocsPage(description: object): Promise<FastifyInstance> {
  const page = fastify();
  // Its types know no OpenAPI 3.1.
  const document = description as StaticDocumentSpec['document'];
  await page.register(swagger, { mode: 'static', specification: { document } });
  await page.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    validatorUrl: false,
    theme: docsTheme,
    uiConfig: { layout: 'BaseLayout', deepLinking: false },
  });
  return page;
}
