import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CredentialKind } from '../../src/http/authenticate.ts';
import { defineDialect, type Dialect, type Section } from '../../src/dialects/kit/define-dialect.ts';
import { dialects } from '../../src/dialects/index.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import { sentenceFor } from '../../src/dialects/kit/sentence-for.ts';
import { createTestApp } from '../http/test-app.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

let core: TempCore;
let app: FastifyInstance;
beforeAll(async () => {
  core = await openTempCore();
});
afterAll(() => core.dispose());
afterEach(() => app.close());

type Claimant = { name: string; loginBy: string; accepts: CredentialKind; key: string; sentence: string };

/** Has the three routes, and nothing else. */
function claimant({ name, loginBy, accepts, key, sentence }: Claimant): Dialect {
  const access = accepts === 'bearer' ? 'user' : 'optional';
  const section: Section = async (scope) => {
    const body = Type.Object({ [loginBy]: Type.String({ minLength: 1 }) });
    const sentences = { 'fields-missing': sentence } as const;
    scope.post('/api/auth/login', { config: { access: 'open', sentences }, schema: { body } }, (request) => ({
      by: name,
      body: request.body,
    }));
    scope.post('/api/auth/logout', { config: { access } }, () => ({ by: name }));
    scope.post('/api/chat/create', { config: { access } }, (request) => ({ by: name, body: request.body }));
  };
  return defineDialect({
    name,
    prefixes: ['/api/auth', '/api/chat'],
    sections: [section],
    accepts: [accepts],
    renderError: (error, request) => ({
      status: error.kind === 'unauthenticated' ? 401 : 400,
      body: { [key]: sentenceFor(error, request, {}) },
    }),
  });
}

const histories = claimant({
  name: 'histories',
  loginBy: 'username',
  accepts: 'bearer',
  key: 'error',
  sentence: 'No username',
});
const amanda = claimant({
  name: 'amanda',
  loginBy: 'email',
  accepts: 'cookie',
  key: 'message',
  sentence: 'No email',
});

async function mount(...dialects: Dialect[]): Promise<void> {
  app = await createTestApp({ parts: [(scope) => mountDialects(scope, { core: core.core, dialects })] });
}

const json = { 'content-type': 'application/json' };
const post = async (url: string, payload?: string | Readable, headers: Record<string, string> = json) => {
  const response = await app.inject({
    method: 'POST',
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return [response.statusCode, response.json() as unknown];
};

describe('POST /api/auth/login', () => {
  it.each([
    ['username', '{"username":"ada"}', 'histories'],
    ['email', '{"email":"ada@example.org"}', 'amanda'],
    ['both', '{"username":"ada","email":"ada@example.org"}', 'histories'],
    ['no username beside an email', '{"username":null,"email":"ada@example.org"}', 'amanda'],
  ])('is told by what it names: %s', async (_name, body, by) => {
    await mount(histories, amanda);
    expect(await post('/api/auth/login', body)).toEqual([200, { by, body: JSON.parse(body) }]);
    expect(await post('/api/auth/login?from=app', body)).toEqual([200, { by, body: JSON.parse(body) }]);
  });

  it('understands a form, and a body that comes in pieces without a length', async () => {
    await mount(amanda, histories);
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(await post('/api/auth/login', 'username=ada', form)).toEqual([
      200,
      { by: 'histories', body: { username: 'ada' } },
    ]);
    const pieces = Readable.from(['{"em', 'ail":"a', '@b.c"}'].map((piece) => Buffer.from(piece)));
    expect(await post('/api/auth/login', pieces)).toEqual([200, { by: 'amanda', body: { email: 'a@b.c' } }]);
  });

  it('is refused by the dialect that it is for', async () => {
    await mount(histories, amanda);
    expect(await post('/api/auth/login', '{"username":""}')).toEqual([400, { error: 'No username' }]);
    expect(await post('/api/auth/login', '{"email":""}')).toEqual([400, { message: 'No email' }]);
  });

  it.each(['{}', '{"password":"x"}', '[{"username":"ada"}]', 'null', ''])(
    'is for neither, and refused with the keys of both: %j',
    async (body) => {
      await mount(histories, amanda);
      const refusal = [400, { error: 'No username', message: 'No email' }];
      expect(await post('/api/auth/login', body)).toEqual(refusal);
    },
  );

  it('cannot be understood: also the keys of both', async () => {
    await mount(histories, amanda);
    const tooLong = `{"username":"${'x'.repeat(1024 * 1024)}"}`;
    for (const [body, sentence] of [
      ['{"username":', 'The request could not be understood'],
      [tooLong, 'The request body is too large'],
      [Readable.from([Buffer.from(tooLong), Buffer.from(tooLong)]), 'The request body is too large'],
    ] as const) {
      expect(await post('/api/auth/login', body)).toEqual([400, { error: sentence, message: sentence }]);
    }
    const type = 'This content type is not accepted here';
    expect(await post('/api/auth/login', '<a/>', { 'content-type': 'text/xml' })).toEqual([
      400,
      { error: type, message: type },
    ]);
  });
});

describe.each(['/api/auth/logout', '/api/chat/create'])('POST %s', (url) => {
  it('is told by its Authorization header, whatever else it carries', async () => {
    await mount(histories, amanda);
    expect(await post(url)).toMatchObject([200, { by: 'amanda' }]);
    expect(await post(url, '{"username":"ada"}')).toMatchObject([200, { by: 'amanda' }]);
    const bearer = { ...json, authorization: 'Bearer none', cookie: 'session=none' };
    expect(await post(url, '{}', bearer)).toEqual([401, { error: 'Token is invalid' }]);
  });
});

describe('only one of the two', () => {
  it('has its routes as if they were never contested', async () => {
    await mount(amanda);
    expect(await post('/api/auth/login', '{"username":"ada"}')).toEqual([400, { message: 'No email' }]);
    expect(await post('/api/auth/logout', '', { ...json, authorization: 'Bearer none' })).toEqual([
      200,
      { by: 'amanda' },
    ]);
  });

  it('does not share with a third', async () => {
    await expect(mount(histories, { ...amanda, name: 'another' })).rejects.toThrow(/already declared/);
    await mount(histories);
  });
});

describe('histories and amanda themselves', () => {
  it('share one port', async () => {
    await mount(...dialects);
    const name = `u${crypto.randomUUID().slice(0, 18)}`;
    const email = `${name}@example.org`;
    const password = 'a Secret of 2 dialects';
    await core.core.users.register({ username: name, email, password });

    const asHistories = await post('/api/auth/login', JSON.stringify({ username: name, password }));
    expect(asHistories).toMatchObject([200, { message: 'Login successful', user: { username: name } }]);
    const asAmanda = await post('/api/auth/login', JSON.stringify({ email, password }));
    expect(asAmanda).toMatchObject([200, { success: true, user: { email } }]);
    expect(await post('/api/auth/login', JSON.stringify({ password }))).toEqual([
      400,
      { error: 'Missing username or password', success: false, message: 'Email and password are required' },
    ]);

    const { access_token: token } = asHistories[1] as { access_token: string };
    const bearer = { ...json, authorization: `Bearer ${token}` };
    expect(await post('/api/chat/create', '', bearer)).toMatchObject([
      201,
      { title: 'New Chat', messages: [] },
    ]);
    expect(await post('/api/chat/create')).toMatchObject([401, { success: false }]);
    expect(await post('/api/auth/logout')).toMatchObject([200, { success: true }]);
    expect(await post('/api/auth/logout', '', bearer)).toEqual([200, { message: 'Successfully logged out' }]);
  });
});
