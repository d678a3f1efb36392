import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Compile } from 'typebox/compile';
import { type ApiServer, startApiServer } from './api-server.ts';
import {
  type Described,
  type Description,
  findAll,
  inlined,
  type Media,
  operationsOf,
  resolve,
} from './description.ts';
import { playAi } from './played-ai.ts';

let server: ApiServer;
let description: Description;
let operations: Described[];
beforeAll(async () => {
  server = await startApiServer(playAi());
  description = (await (await fetch(`${server.url}/openapi.json`)).json()) as Description;
  operations = operationsOf(description);
});
afterAll(() => server.close());

const named = ({ method, path }: Described) => `${method} ${path}`;
/** Those for which something is amiss, so that a failure names them. */
const where = (amiss: (one: Described) => boolean) => operations.filter(amiss).map(named);

describe('the document', () => {
  test('is OpenAPI 3.1 and says whose', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d$/);
    expect(description.info).toMatchObject({ title: 'Parlance', version: '1.2.3' });
    expect(operations.length).toBeGreaterThan(30);
  });

  test('has every route that is served', () => {
    const live = server.routes
      .filter(({ url }) => !url.startsWith('/docs'))
      .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)(\([^/]*\))?/g, '{$1}')}`);
    // What two dialects own is described once for each.
    const described = operations.map((operation) => named(operation).replace(/#\w+$/, ''));
    expect(described.toSorted()).toEqual(live.toSorted());
    expect(operations.map(named)).toEqual(
      expect.arrayContaining(['POST /api/auth/login#histories', 'POST /api/auth/login#amanda']),
    );
  });

  test('every reference points at something', () => {
    const refs = findAll(description, '$ref');
    expect(refs.length).toBeGreaterThan(100);
    for (const ref of refs) expect(resolve(description, ref as string)).toBeTypeOf('object');
  });

  test('operation ids are unique', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^\w+$/.test(id))).toEqual([]);
  });

  test('every operation says what it is, who may call it and how it fails', () => {
    const schemes = Object.keys(description.components.securitySchemes);
    expect(where(({ operation }) => !operation.summary || operation.tags.length === 0)).toEqual([]);
    expect(
      where(
        ({ operation }) => !operation.security.flatMap(Object.keys).every((name) => schemes.includes(name)),
      ),
    ).toEqual([]);
    expect(
      where(({ operation }) => !Object.keys(operation.responses).some((status) => /^[45]/.test(status))),
    ).toEqual([]);
    expect(
      where(({ operation }) => !Object.keys(operation.responses).some((status) => status.startsWith('2'))),
    ).toEqual([]);
  });

  test('what our routes refuse is described, with its code', () => {
    const of = (path: string, method: string, status: string) =>
      description.paths[`/api/v1${path}`]?.[method]?.responses[status]?.description ?? '';
    const withJson = operations.filter(
      ({ operation, path }) =>
        path.startsWith('/api/v1') && operation.requestBody?.content['application/json'] !== undefined,
    );
    expect(withJson.length).toBeGreaterThan(10);
    for (const { operation } of withJson) {
      const { 400: invalid, 413: large, 415: other } = operation.responses;
      expect(invalid?.description).toMatch(/`key-forbidden`.*`request-too-deep`/);
      expect(large?.description).toContain('`body-too-large`');
      expect(other?.description).toContain('`media-type-unsupported`');
    }
    expect(of('/messages/{id}', 'delete', '409')).toContain('`reply-running`');
    expect(of('/chats/{id}/messages', 'post', '404')).toContain('`message-not-found`');
    expect(of('/replies/{id}/regenerate', 'post', '404')).toContain('`message-not-found`');
  });

  test('every response has a status and a description, every problem its schema', () => {
    for (const { operation, path } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^([1-5]\d\d|[1-5]XX|default)$/);
        expect(response.description).toBeTypeOf('string');
        if (/^[45]/.test(status) && path.startsWith('/api/v1')) {
          expect(response.content).toEqual({
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          });
        }
      }
    }
  });

  test('every part of a path is a parameter, and every parameter has a schema', () => {
    for (const { operation, path } of operations) {
      const parameters = operation.parameters ?? [];
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(parameters.filter(({ schema }) => schema === undefined)).toEqual([]);
      expect(parameters.filter((parameter) => parameter.in === 'path' && !parameter.required)).toEqual([]);
    }
  });

  test('a body is required only where one of its fields is', () => {
    const bodyOf = (path: string) => description.paths[path]?.['post']?.requestBody?.required;
    expect(bodyOf('/api/v1/chats/{id}/messages')).toBe(true);
    expect(bodyOf('/api/v1/chats')).toBe(false);
    expect(bodyOf('/api/v1/auth/sign-out')).toBe(false);
  });

  test('every example fits its schema', () => {
    const medias = [...findAll(description, 'content'), ...operations.flatMap(bodiesOf)].flatMap((content) =>
      Object.values(content as Record<string, Media>),
    );
    const pairs = [
      ...medias.map(({ schema, example }) => ({ schema, examples: example === undefined ? [] : [example] })),
      ...medias.map(({ schema, examples = {} }) => ({
        schema,
        examples: Object.values(examples).map(({ value }) => value),
      })),
      ...Object.values(description.components.schemas).map((schema) => ({
        schema,
        examples: schema['examples'] as unknown[],
      })),
    ];
    let checked = 0;
    for (const { schema, examples } of pairs) {
      for (const example of examples) {
        const check = Compile(inlined(description, schema) as object);
        expect([...check.Errors(example)]).toEqual([]);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(20);
  });

  test('every resource of ours has an example', () => {
    const without = Object.entries(description.components.schemas).filter(
      ([, schema]) => !schema['examples'],
    );
    expect(without).toEqual([]);
  });
});

const bodiesOf = ({ operation }: Described) => (operation.requestBody ? [operation.requestBody.content] : []);

describe('the page', () => {
  test('loads nothing from elsewhere, and may not', async () => {
    const seen: string[] = [];
    const toRead = ['/docs'];
    for (let path = toRead.pop(); path !== undefined; path = toRead.pop()) {
      const response = await fetch(new URL(path, server.url));
      expect([path, response.status]).toEqual([path, 200]);
      seen.push(path);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
      const type = response.headers.get('content-type') ?? '';
      const text = await response.text();
      const loaded = type.includes('html')
        ? [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to ?? '')
        : type.includes('css')
          ? [...text.matchAll(/url\(["']?(?!data:)([^)"']+)|@import\s+["']([^"']+)/g)].map(
              ([, to, by]) => to ?? by ?? '',
            )
          : [];
      for (const to of loaded) {
        const url = new URL(to, new URL(path, server.url));
        expect(url.origin).toBe(server.url);
        if (!seen.includes(url.pathname)) toRead.push(url.pathname);
      }
    }
    expect(seen).toEqual(
      expect.arrayContaining(['/docs', '/docs/static/swagger-ui-bundle.js', '/docs/static/swagger-ui.css']),
    );
  });

  test('has its own files only, and sends none twice', async () => {
    for (const path of ['/docs/none', '/docs/static/none', '/docs/static/..%2fpackage.json'])
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 404]);
    const style = `${server.url}/docs/static/swagger-ui.css`;
    const etag = (await fetch(style)).headers.get('etag') ?? '';
    // As a browser asks; by itself `fetch` says that no cache may answer.
    const again = await fetch(style, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
    expect([again.status, (await again.text()).length]).toEqual([304, 0]);
  });

  test('shows the document that is served', async () => {
    expect(await (await fetch(`${server.url}/docs/json`)).json()).toEqual(description);
    const script = await (await fetch(`${server.url}/docs/static/swagger-initializer.js`)).text();
    expect(script).toContain("resolveUrl('./json')");
    expect(script).toContain('validatorUrl: null');
  });
});
