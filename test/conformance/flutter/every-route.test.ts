import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { documentedRoutes } from '../dialect-routes.ts';
import { createClient, otherSpelling, problemsOf, type User } from './client.ts';

const client = createClient(inject('sharedUrl'));
let user: User;
let token: string;
beforeAll(async () => {
  user = await client.newUser();
  ({ token } = user);
});

const json = { 'content-type': 'application/json' };
const open = ['POST /token', 'POST /users/'];
const missing = '0190a000-0000-7000-8000-000000000000';
const signedIn = documentedRoutes('flutter')
  .filter((route) => !open.includes(route))
  .map((route) => route.replace(':chat_id', missing));
const withJson = [
  'POST /users/',
  'POST /chats/',
  `PUT /chats/${missing}`,
  `POST /chats/${missing}/messages/`,
];

describe('wire "No token"', () => {
  it.each(signedIn)('%s without a token is 401, whatever it carries, in both spellings', async (route) => {
    for (const spelling of [route, otherSpelling(route)]) {
      const answer = await client.call(spelling, { headers: json });
      expect([answer.status, answer.body]).toEqual([401, { detail: 'Not authenticated' }]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('a login of another kind is no token: cookies are not read here', async () => {
    const answer = await client.call('GET /users/me', { headers: { cookie: `session=${token}` } });
    expect(answer.status).toBe(401);
  });
});

describe('wire "with and without its trailing slash, without a redirect"', () => {
  it('every path, alike', async () => {
    const { username, password } = user;
    const chat = await client.newChat(token);
    const form = () => new URLSearchParams({ username, password });
    for (const path of ['/token', '/token/']) {
      expect((await client.call(`POST ${path}`, { raw: form() })).status).toBe(200);
    }
    for (const path of ['/users', '/users/']) {
      const body = { username, email: 'taken@example.com', password };
      expect((await client.call(`POST ${path}`, { body })).status).toBe(400);
    }
    for (const path of ['/users/me', '/chats/', `/chats/${chat}`, `/chats/${chat}/messages/`]) {
      const [one, other] = await Promise.all(
        [path, otherSpelling(path)].map((spelling) => client.call(`GET ${spelling}`, { token })),
      );
      expect([one?.status, other?.status]).toEqual([200, 200]);
      expect(one?.text).toBe(other?.text);
    }
    for (const path of ['/chats', '/chats/']) {
      expect((await client.call(`POST ${path}`, { token, body: { title: 'x' } })).status).toBe(200);
    }
    for (const path of [`/chats/${chat}/messages`, `/chats/${chat}/messages/`]) {
      expect((await client.call(`POST ${path}`, { token, body: { content: 'x' } })).status).toBe(200);
    }
    expect((await client.call(`PUT /chats/${chat}/`, { token, body: { title: 'y' } })).status).toBe(200);
    expect((await client.call(`DELETE /chats/${chat}/`, { token })).status).toBe(200);
  });
});

describe('wire README 2: CORS', () => {
  const origin = 'http://localhost:54321';

  it.each(signedIn)(
    'the preflight of %s from any port of this machine is answered before authentication',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const answer = await client.call(`OPTIONS ${path}`, {
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization',
        },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-methods')).toContain(method);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization/);
    },
  );

  it('answers carry the origin, failures too; a foreign one is never reflected', async () => {
    for (const route of ['GET /chats/', 'GET /chats/none', 'GET /token', 'POST /users']) {
      const answer = await client.call(route, { token, headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      for (const evil of ['https://evil.example', 'http://localhost.evil.example:80', 'null']) {
        const foreign = await client.call(route, { token, headers: { origin: evil } });
        expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });
});

describe('wire README 7: what cannot be understood', () => {
  it.each(withJson)('malformed JSON for %s is 422', async (route) => {
    for (const raw of ['{"title":', 'nonsense', '{"a":1}}', Buffer.from([0x7b, 0x22, 0xff, 0x22])]) {
      const answer = await client.call(route, { token, headers: json, raw });
      expect([answer.status, keysOf(answer.body)]).toEqual([422, ['detail']]);
      expect(problemsOf(answer)).toMatchObject([{ type: 'json_invalid', loc: ['body'] }]);
    }
  });

  it.each(withJson)('JSON of another shape for %s is 422', async (route) => {
    for (const raw of [
      '[]',
      '"text"',
      '5',
      '[{"title":"x"}]',
      '{"__proto__":{"title":"x"}}',
      '['.repeat(9999),
    ]) {
      const answer = await client.call(route, { token, headers: json, raw });
      expect([answer.status, keysOf(answer.body)]).toEqual([422, ['detail']]);
      expect(problemsOf(answer)[0]?.loc).toEqual(['body']);
    }
  });

  it('an unknown content type is 415, a body that is too large 413', async () => {
    const path = `POST /chats/${await client.newChat(token)}/messages/`;
    const xml = await client.call(path, { token, headers: { 'content-type': 'text/xml' }, raw: '<a/>' });
    expect([xml.status, keysOf(xml.body)]).toEqual([415, ['detail']]);
    const large = await client.call(path, { token, body: { content: 'x'.repeat(1024 * 1024) } });
    expect([large.status, keysOf(large.body)]).toEqual([413, ['detail']]);
  });

  it.each(['GET /chats/a/b', 'GET /users/you', 'POST /token/x', 'GET /ws', 'PUT /chats/x/messages/y'])(
    'the unknown route %s is 404 in this dialect’s words',
    async (route) => {
      const answer = await client.call(route, { token });
      expect([answer.status, answer.body]).toEqual([404, { detail: 'Not Found' }]);
    },
  );

  it('a wrong method is 405 with Allow', async () => {
    const answer = await client.call('GET /token', { token });
    expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([
      405,
      'POST, OPTIONS',
      { detail: 'Method Not Allowed' },
    ]);
  });
});

describe('wire "another\'s 403"', () => {
  it.each([
    ['GET', '', undefined],
    ['PUT', '', { title: 'mine now' }],
    ['DELETE', '', undefined],
    ['GET', '/messages/', undefined],
    ['POST', '/messages/', { content: 'mine now' }],
  ])('%s /chats/:chat_id%s', async (method, path, body) => {
    const owner = await client.newUser();
    const chat = await client.newChat(owner.token, 'private matters');
    await client.send(owner.token, chat, 'a private word');
    const before = (await client.call(`GET /chats/${chat}`, { token: owner.token })).text;

    const foreign = await client.call(`${method} /chats/${chat}${path}`, { token, body });
    expect([foreign.status, foreign.body]).toEqual([403, { detail: 'Not authorized to access this chat' }]);
    const none = await client.call(`${method} /chats/${missing}${path}`, { token, body });
    expect([none.status, none.body]).toEqual([404, { detail: 'Chat not found' }]);
    expect((await client.call(`GET /chats/${chat}`, { token: owner.token })).text).toBe(before);
    expect(await client.messages(owner.token, chat)).toHaveLength(2);
  });
});

describe('wire "Also served"', () => {
  it('`GET /` is 200, and so are the documentation and its document', async () => {
    for (const path of ['/', '/docs', '/openapi.json']) {
      expect((await client.call(`GET ${path}`)).status).toBe(200);
    }
  });
});
