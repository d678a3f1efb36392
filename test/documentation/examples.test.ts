import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { type Described, type Description, operationsOf } from '../api/description.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';
import { createWorld, type World } from './example-world.ts';

/** What cannot succeed as it is described, and what it answers. */
const refused: Readonly<Record<string, { status: number; because: string }>> = {
  'POST /api/v1/replies/{id}/continue': {
    status: 409,
    because: 'the reply of the example did not break off',
  },
  'POST /api/v1/transcriptions': { status: 422, because: 'no voice service is configured' },
  'POST /api/v1/speech': { status: 422, because: 'no voice service is configured' },
  'POST /upload/': { status: 422, because: 'a form with a file is not described by an example' },
  'GET /uploads/{uuid}': { status: 404, because: 'nothing was uploaded' },
  'POST /api/chat/image': { status: 400, because: 'a form with a file is not described by an example' },
};
/** An id that nothing has. */
const nobodys = '01890000-0000-7000-8000-000000000000';

const password = 'analytical engine';

type Example = Record<string, unknown>;
type BodySchema = { properties?: Record<string, { examples?: unknown[] }> };

let server: WholeServer;
let description: Description;
let operations: Described[];
beforeAll(async () => {
  server = await startWholeServer();
  description = (await (await fetch(`${server.url}/openapi.json`)).json()) as Description;
  operations = operationsOf(description);
});
afterAll(() => server.stop());

const named = ({ method, path }: Described) => `${method} ${path}`;
/** Signing out, too, may be a GET. */
const onlyLooks = ({ method, path }: Described) => method === 'GET' && !path.endsWith('/logout');
const dialectOf = ({ operation }: Described) => operation.tags[0]?.split(':')[0] ?? '';

/** The content type and the example of an operation's body: the body's own, or put together of those of its fields. */
function bodyOf({ operation }: Described): { type: string; example: Example | undefined } | undefined {
  const [content] = Object.entries(operation.requestBody?.content ?? {});
  if (!content) return undefined;
  const [type, { schema, example, examples = {} }] = content;
  const { properties = {} } = schema as BodySchema;
  const fields = Object.entries(properties).flatMap(([name, { examples: some = [] }]) =>
    some.length > 0 ? [[name, some[0]] as const] : [],
  );
  const own = example ?? Object.values(examples)[0]?.value;
  return {
    type,
    example: (own as Example | undefined) ?? (fields.length > 0 ? Object.fromEntries(fields) : undefined),
  };
}

/** What has to follow its path, as its examples have it. */
function queryOf({ operation: { parameters = [] } }: Described): string {
  const query = new URLSearchParams();
  for (const { name, example, examples = {}, ...one } of parameters)
    if (one.in === 'query' && one.required)
      query.set(name, String(example ?? Object.values(examples)[0]?.value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** Sends an operation as it is described. The world gives what only a server knows: ids, and who asks. */
async function send(one: Described, world: World | undefined): Promise<number> {
  const path = one.path
    .replace(/#\w+$/, '')
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => world?.parameter(one.path, name) ?? nobodys);
  const body = bodyOf(one);
  const example = body?.example;
  if (example && world && 'refresh_token' in example) example['refresh_token'] = world.refreshToken;
  const answer = await fetch(server.url + path + queryOf(one), {
    method: one.method,
    headers: {
      ...(world ? credentials(one, world) : {}),
      // A form with a file says by itself what parts it.
      ...(body?.example && body.type !== multipart ? { 'content-type': body.type } : {}),
    },
    ...(body?.example ? { body: encoded(body.type, body.example) } : {}),
  });
  // Some answers go on for as long as somebody listens.
  await answer.body?.cancel();
  return answer.status;
}

const multipart = 'multipart/form-data';

function encoded(type: string, example: Example): string | URLSearchParams | FormData {
  if (type === 'application/x-www-form-urlencoded') {
    return new URLSearchParams(example as Record<string, string>);
  }
  if (type !== multipart) return JSON.stringify(example);
  const form = new FormData();
  for (const [name, text] of Object.entries(example)) form.set(name, new Blob([String(text)]), 'note.txt');
  return form;
}

function credentials(one: Described, { token, refreshToken, cookie }: World): Record<string, string> {
  if (one.path === '/auth/refresh') return { authorization: `Bearer ${refreshToken}` };
  const dialect = dialects.find(({ name }) => name === dialectOf(one));
  const byToken = dialect === undefined || dialect.accepts[0] === 'bearer';
  return byToken ? { authorization: `Bearer ${token}` } : { cookie };
}

describe('the examples of /openapi.json', () => {
  it('are there for every body', () => {
    const without = operations.filter((one) => bodyOf(one) && !bodyOf(one)?.example);
    expect(without.map(named)).toEqual([]);
  });

  it('register, sign in and then do everything else, as they stand', { timeout: 120_000 }, async () => {
    const isOpen = ({ operation }: Described) => operation.security.length === 0;
    const accounts = operations.filter((one) => isOpen(one) && bodyOf(one)?.example?.['password']);
    expect(accounts.length).toBe(2 * (dialects.length + 1));
    const isSignIn = ({ path }: Described) => /\/(sign-in|login|token)\b/.test(path);
    accounts.sort((one, other) => Number(isSignIn(one)) - Number(isSignIn(other)));
    const others = operations.filter((one) => !accounts.includes(one));

    const answered: Record<string, number> = {};
    for (const one of accounts) answered[named(one)] = await send(one, undefined);
    // What only looks leaves the world as it was; what does more gets one of its own.
    const seen = await createWorld(server.url, password);
    for (const one of others) {
      const world = onlyLooks(one) ? seen : await createWorld(server.url, password);
      answered[named(one)] = await send(one, world);
    }

    const amiss = Object.entries(answered).filter(([name, status]) =>
      refused[name] ? status !== refused[name].status : status >= 300,
    );
    expect(amiss).toEqual([]);
    expect(Object.keys(answered)).toEqual(expect.arrayContaining(Object.keys(refused)));
  });
});

describe('/docs', () => {
  it('groups every route by its dialect', () => {
    for (const { name } of dialects) {
      const own = operations.filter((one) => dialectOf(one) === name);
      expect([name, own.length]).toEqual([name, expect.any(Number)]);
      expect(own.length).toBeGreaterThan(9);
      expect(
        own.filter(({ operation }) => !operation.tags.every((tag) => tag.startsWith(`${name}: `))),
      ).toEqual([]);
    }
  });

  it('says of every route what it answers', () => {
    const vague = operations.filter(({ operation, path }) => {
      const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      return (
        !/^\/(?:$|health|ready|openapi)/.test(path) &&
        good.every(([status, { content }]) => status !== '204' && !content)
      );
    });
    expect(vague.map(named)).toEqual([]);
  });
});
