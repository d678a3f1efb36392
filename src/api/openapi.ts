import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { DomainError } from '../core/errors.ts';
import type { Access } from '../http/route-policy.ts';

const tags = [
  { name: 'accounts', description: 'Register, sign in, renew, sign out.' },
  { name: 'me', description: 'Whoever is signed in.' },
  { name: 'chats', description: 'Conversations.' },
  { name: 'messages', description: 'What is said in a chat.' },
  {
    name: 'replies',
    description: 'What the AI answers: logs of text that can be followed, and resumed, by anyone who may.',
  },
  { name: 'events', description: 'Everything that happens to a user’s data, on one connection.' },
  { name: 'models', description: 'The AI behind the chats.' },
  { name: 'voice', description: 'Speech into text, and text into speech.' },
  { name: 'usage', description: 'What was asked of the AI, and what may be.' },
  { name: 'server', description: 'How the server is.' },
];

/**
 * Describes every route that is declared on the app from here on, as OpenAPI 3.1 at `/openapi.json` and as a page at `/docs`.
 * Nothing of either is loaded from elsewhere. Call it on the app itself, before any route.
 */
export async function describeRoutes(app: FastifyInstance, options: { version: string }): Promise<void> {
  await app.register(swagger, descriptionOf(options));

  let document: string | undefined;
  app.get(
    '/openapi.json',
    {
      config: { access: 'open' },
      schema: { tags: ['server'], operationId: 'getDescription', summary: 'This description' },
    },
    (_request, reply) => {
      document ??= JSON.stringify(app.swagger());
      return reply.type('application/json; charset=utf-8').send(document);
    },
  );

  addDocsPage(app);
}

/** Few starts are asked for the page, and its packages take longer to load than all routes together: the first request does that. */
function addDocsPage(app: FastifyInstance): void {
  let opening: Promise<FastifyInstance> | undefined;
  for (const path of ['/docs', '/docs/*'])
    app.get(path, { config: { access: 'open' }, schema: { hide: true } }, async ({ url, headers }, reply) => {
      opening ??= import('./docs-page.ts').then(({ createDocsPage }) => createDocsPage(app.swagger()));
      const page = await opening;
      // Piece by piece: of a large file no slow reader is given the whole at once.
      const answer = await page.inject({ url, headers, payloadAsStream: true });
      const { statusCode, statusMessage } = answer;
      const body = answer.stream();
      // Whoever leaves in between leaves no open file behind.
      body.once('close', () => answer.raw.res.destroy());
      // What is wrong with a request is said in our words.
      if (statusCode >= 400) {
        body.resume();
        throw statusCode === 404
          ? new DomainError('route-not-found')
          : Object.assign(new Error(statusMessage), { statusCode });
      }
      const { connection: _, date: __, ...answered } = answer.headers;
      return reply.code(statusCode).headers(answered).send(body);
    });
}

function descriptionOf({ version }: { version: string }): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Parlance',
        version,
        description:
          'A self-hosted AI chat backend. `/api/v1` is its own API; the other groups are the existing APIs that it speaks.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'The access token that signing in gives.',
          },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'session',
            description:
              'The browser sends it by itself after signing in with a cookie: nothing to enter here.',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: ({ $id }) => (typeof $id === 'string' ? $id : 'Unnamed'),
    },
    transform: ({ schema, url, route }) => {
      if (schema?.hide) return { schema, url };
      const method = String([route.method].flat()[0]);
      const described = withOwner(url, route.constraints);
      const { access } = route.config ?? {};
      return { schema: completed(schema ?? {}, { method, url: described, access }), url: described };
    },
    transformObject: (described) => {
      if (!('openapiObject' in described)) return described.swaggerObject;
      const { openapiObject } = described;
      for (const path of Object.values(openapiObject.paths ?? {})) allowNoBody(path ?? {});
      return openapiObject;
    },
  };
}

/** Two owners of one path and method stand apart by a fragment, which is no part of what a client sends: `/api/chat/create#amanda`. */
const withOwner = (url: string, constraints: Record<string, unknown> = {}): string =>
  [url, ...Object.values(constraints).map(String)].join('#');

type Route = { method: string; url: string; access: Access | undefined };

/** What a route does not say itself: its group, an id and a summary, who may call it, that it may fail. */
function completed(schema: FastifySchema, { method, url, access }: Route): FastifySchema {
  const words = url
    .replaceAll(/\([^/]*\)/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const operationId = [method.toLowerCase(), ...words].join('_');
  const signedIn = [{ bearer: [] }, { cookie: [] }];
  return {
    summary: `${method} ${url}`,
    operationId,
    security: access === 'open' ? [] : access === 'optional' ? [...signedIn, {}] : signedIn,
    ...schema,
    tags: schema.tags ?? ['server'],
    response: withFailures(schema.response),
  };
}

/** Routes of our own API list theirs one by one. */
function withFailures(response: unknown): Record<string, unknown> {
  const known =
    typeof response === 'object' && response !== null ? { ...response } : { '2xx': { description: 'Done.' } };
  const listed = Object.keys(known).some((status) => /^[45]/.test(status));
  const failure = { description: 'A failure.', type: 'object', additionalProperties: true };
  return listed ? known : { ...known, '4xx': failure, '5xx': failure };
}

type Body = { required?: boolean; content?: Record<string, { schema?: { required?: readonly string[] } }> };

/** A body of which no field is required may be left out. */
function allowNoBody(path: object): void {
  for (const operation of Object.values(path) as { requestBody?: Body }[]) {
    const { requestBody } = operation;
    const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
    if (requestBody && schemas.every((schema) => schema?.required === undefined))
      requestBody.required = false;
  }
}
