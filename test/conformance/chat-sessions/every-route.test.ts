import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient, json } from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
});

const origin = 'http://localhost:5173';
const signedIn = [
  'GET /auth/profile',
  'PUT /auth/profile',
  'POST /auth/logout',
  'GET /auth/verify',
  'POST /chat/sessions',
  'GET /chat/sessions',
  'GET /chat/sessions/1',
  'PUT /chat/sessions/1',
  'DELETE /chat/sessions/1',
  'POST /chat/sessions/1/messages',
  'GET /chat/sessions/1/messages',
  'DELETE /chat/sessions/1/messages',
  'GET /chat/sessions/1/messages/1',
  'PUT /chat/sessions/1/messages/1',
  'DELETE /chat/sessions/1/messages/1',
];
const withBody = [
  'POST /auth/register',
  'POST /auth/login',
  'PUT /auth/profile',
  'POST /chat/sessions',
  'PUT /chat/sessions/1',
  'POST /chat/sessions/1/messages',
  'PUT /chat/sessions/1/messages/1',
];

describe('wire README 6: failures of the token', () => {
  it.each(signedIn)('%s without a token is 401 with msg and error, whatever it carries', async (route) => {
    const sentence = 'Authorization token is required';
    const answer = await client.call(route, { headers: json });
    expect([answer.status, answer.body]).toEqual([401, { error: sentence, msg: sentence }]);
  });

  it.each(['Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic abc', 'Bearer a b'])(
    'the header %j is 401 with msg and error',
    async (authorization) => {
      const answer = await client.call('GET /auth/verify', { headers: { authorization } });
      expect([answer.status, keysOf(answer.body)]).toEqual([401, ['error', 'msg']]);
    },
  );

  it('a cookie is no token here', async () => {
    const answer = await client.call('GET /auth/verify', { headers: { cookie: `session=${token}` } });
    expect(answer.status).toBe(401);
  });
});

describe('wire README 1: an empty body with a JSON content type means "no body"', () => {
  it('GET, DELETE and logout work with it', async () => {
    const user = await client.newUser();
    const session = await client.newSession(user.token);
    const { id } = await client.say(user.token, session, { text: 'x' });
    for (const route of [
      'GET /auth/profile',
      'GET /auth/verify',
      'GET /chat/sessions',
      `GET /chat/sessions/${session}`,
      `GET /chat/sessions/${session}/messages`,
      `GET /chat/sessions/${session}/messages/${id}`,
      `DELETE /chat/sessions/${session}/messages/${id}`,
      `DELETE /chat/sessions/${session}/messages`,
      `DELETE /chat/sessions/${session}`,
      'POST /auth/logout',
    ]) {
      const answer = await client.call(route, { token: user.token, headers: json });
      expect([route, answer.status]).toEqual([route, 200]);
    }
  });

  it('a refresh works with it', async () => {
    const { refreshToken } = await client.newUser();
    expect((await client.call('POST /auth/refresh', { token: refreshToken, headers: json })).status).toBe(
      200,
    );
  });

  it.each(withBody.filter((route) => !route.includes('/1')))('%s says what is missing', async (route) => {
    const answer = await client.call(route, { token, headers: json });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Request body is required' }]);
  });
});

describe('wire README 2: CORS', () => {
  it.each([...signedIn, ...withBody])(
    'the preflight of %s is answered before authentication',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const answer = await client.call(`OPTIONS ${path}`, {
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('access-control-allow-methods')).toContain(method);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization/);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/content-type/);
    },
  );

  it('answers carry the origin, failures too; a foreign one is never reflected', async () => {
    for (const route of ['GET /chat/sessions', 'GET /chat/none', 'GET /chat/sessions/0']) {
      const answer = await client.call(route, { token, headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      const foreign = await client.call(route, { token, headers: { origin: 'https://evil.example' } });
      expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('wire README 7: what cannot be understood', () => {
  it.each(withBody)('malformed JSON for %s is 400 in this dialect’s words', async (route) => {
    for (const raw of [
      '{"text":',
      'nonsense',
      '{"a":1}}',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    ]) {
      const answer = await client.call(route, { token, raw });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });

  it.each(withBody)('JSON of another shape for %s is 400', async (route) => {
    for (const raw of [
      '[]',
      '"text"',
      '5',
      '[{"text":"x"}]',
      '{"__proto__":{"text":"x"}}',
      '['.repeat(9999),
    ]) {
      const answer = await client.call(route, { token, raw });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });

  it('an unknown content type is 415, a body that is too large 413', async () => {
    const path = `POST /chat/sessions/${await client.newSession(token)}/messages`;
    const xml = await client.call(path, { token, headers: { 'content-type': 'text/xml' }, raw: '<a/>' });
    expect([xml.status, keysOf(xml.body)]).toEqual([415, ['error']]);
    const large = await client.call(path, { token, body: { text: 'x'.repeat(1024 * 1024) } });
    expect([large.status, keysOf(large.body)]).toEqual([413, ['error']]);
  });

  it.each([
    'GET /chat',
    'GET /auth',
    'GET /chat/sessions/abc',
    'GET /chat/sessions/1/none',
    'POST /auth/none',
  ])('the unknown route %s is 404 in this dialect’s body', async (route) => {
    const answer = await client.call(route, { token });
    expect([answer.status, answer.body]).toEqual([404, { error: 'Not found' }]);
  });

  it('wire "405 `Method not allowed`", with Allow', async () => {
    for (const [route, allow] of [
      ['GET /auth/login', 'POST, OPTIONS'],
      ['PATCH /chat/sessions/1', 'DELETE, GET, HEAD, PUT, OPTIONS'],
    ] as const) {
      const answer = await client.call(route, { token });
      expect([answer.status, answer.body, answer.headers.get('allow')]).toEqual([
        405,
        { error: 'Method not allowed' },
        allow,
      ]);
    }
  });
});

describe('wire README 8: another user’s session is 403 `Access denied`', () => {
  it.each([
    ['GET', '', undefined],
    ['PUT', '', { title: 'mine now' }],
    ['PUT', '', {}],
    ['DELETE', '', undefined],
    ['POST', '/messages', { text: 'mine now' }],
    ['POST', '/messages', {}],
    ['GET', '/messages', undefined],
    ['DELETE', '/messages', undefined],
    ['GET', '/messages/:id', undefined],
    ['PUT', '/messages/:id', { text: 'mine now' }],
    ['DELETE', '/messages/:id', undefined],
  ])('%s /chat/sessions/:id%s with %j', async (method, rest, body) => {
    const owner = await client.newUser();
    const session = await client.newSession(owner.token, 'private matters');
    const said = await client.say(owner.token, session, { text: 'a private word' });
    const path = `/chat/sessions/${session}${rest.replace(':id', String(said.id))}`;
    const answer = await client.call(`${method} ${path}`, { token, body });
    expect([answer.status, answer.body]).toEqual([403, { error: 'Access denied' }]);
    const { body: after } = await client.call(`GET /chat/sessions/${session}`, { token: owner.token });
    expect(after['session']).toMatchObject({ title: 'private matters', messages: [said], message_count: 1 });
  });

  it('another user’s message is not found in a session of mine', async () => {
    const owner = await client.newUser();
    const said = await client.say(owner.token, await client.newSession(owner.token), { text: 'private' });
    const mine = await client.newSession(token);
    for (const [method, body] of [['GET'], ['PUT', { text: 'mine now' }], ['DELETE']] as const) {
      const path = `/chat/sessions/${mine}/messages/${said.id}`;
      const answer = await client.call(`${method} ${path}`, { token, body });
      expect([answer.status, answer.body]).toEqual([404, { error: 'Message not found' }]);
    }
  });
});
