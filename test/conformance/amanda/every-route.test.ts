import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient, failure } from './client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
beforeAll(async () => {
  ({ cookie } = await client.newUser());
});

const origin = 'http://localhost:3000';
const foreign = 'https://evil.example';
const signedIn = [
  'GET /api/user/profile',
  'PATCH /api/user/profile',
  'DELETE /api/user/account',
  'GET /api/chat/list',
  'POST /api/chat/create',
  'GET /api/chat/1/messages',
  'PUT /api/chat/1/rename',
  'DELETE /api/chat/1',
];
const withBody = [
  'POST /api/auth/signup',
  'POST /api/auth/login',
  'PATCH /api/user/profile',
  'POST /api/chat/create',
  'PUT /api/chat/1/rename',
];
const changing = signedIn.filter((route) => !route.startsWith('GET'));

describe('wire `Authentication required`', () => {
  it.each(signedIn)('%s without a login is 401', async (route) => {
    for (const none of ['', 'session=nonsense', `session=${'x'.repeat(43)}`]) {
      const answer = await client.call(route, { cookie: none });
      expect([answer.status, answer.body]).toEqual([401, failure('Authentication required')]);
    }
  });
});

describe('wire README 1: an empty body with a JSON content type means "no body"', () => {
  it.each(['GET /api/user/profile', 'GET /api/chat/list', 'GET /api/auth/check', 'GET /api/branding'])(
    '%s',
    async (route) => {
      expect((await client.call(route, { cookie })).status).toBe(200);
    },
  );

  it('POST /api/chat/create', async () => {
    expect((await client.call('POST /api/chat/create', { cookie })).status).toBe(201);
  });
});

describe('wire README 2: CORS with cookies', () => {
  it.each([...signedIn, 'POST /api/auth/login', 'GET /api/branding'])(
    'the preflight of %s is answered before authentication, and names the origin',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const answer = await client.call(`OPTIONS ${path}`, {
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'content-type',
        },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('access-control-allow-methods')).toContain(method);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/content-type/);
    },
  );

  it('answers carry the origin, failures too; a foreign one is never reflected', async () => {
    for (const given of [cookie, '']) {
      const answer = await client.call('GET /api/chat/list', { cookie: given, headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      const other = await client.call('GET /api/chat/list', { cookie: given, headers: { origin: foreign } });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it.each([...changing, 'POST /api/auth/signup', 'POST /api/auth/login'])(
    'a forged %s from another site is refused',
    async (route) => {
      for (const headers of [{ origin: foreign }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
        const body = route.includes('/auth/') ? client.credentials() : {};
        const answer = await client.call(route, { cookie, headers, body });
        expect([answer.status, keysOf(answer.body)]).toEqual([403, ['message', 'success']]);
        expect(answer.cookie).toBeUndefined();
      }
      expect((await client.call('GET /api/user/profile', { cookie })).status).toBe(200);
    },
  );
});

describe('wire "Logout is always 200"', () => {
  it('a forged one from another site says so, and ends nothing', async () => {
    for (const headers of [{ origin: foreign }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await client.call('POST /api/auth/logout', { cookie, headers });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
    }
    expect((await client.call('GET /api/user/profile', { cookie })).status).toBe(200);
  });
});

describe('wire README 7: what cannot be understood', () => {
  it.each(withBody)('malformed JSON for %s is 400 in this dialect’s words', async (route) => {
    for (const raw of [
      '{"email":',
      'nonsense',
      '{"a":1}}',
      '[]',
      '"text"',
      '5',
      '{"__proto__":{}}',
      '['.repeat(9999),
    ]) {
      const answer = await client.call(route, { cookie, raw });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ success: false, message: expect.stringMatching(/\S/) as string });
    }
  });

  it('an unknown content type is 415, a body that is too large 413', async () => {
    const xml = await client.call('PATCH /api/user/profile', {
      cookie,
      headers: { 'content-type': 'text/xml' },
      raw: '<a/>',
    });
    expect([xml.status, keysOf(xml.body)]).toEqual([415, ['message', 'success']]);
    const large = await client.call('PATCH /api/user/profile', {
      cookie,
      body: { first_name: 'x'.repeat(1024 * 1024) },
    });
    expect([large.status, keysOf(large.body)]).toEqual([413, ['message', 'success']]);
  });

  it.each(['GET /api/user/nothing', 'GET /api/branding/more', 'POST /api/user'])(
    'the unknown route %s is 404 `Not found`',
    async (route) => {
      const answer = await client.call(route, { cookie });
      expect([answer.status, answer.body]).toEqual([404, failure('Not found')]);
    },
  );

  it('a wrong method is 405 with Allow', async () => {
    const answer = await client.call('POST /api/user/profile', { cookie });
    expect([answer.status, keysOf(answer.body)]).toEqual([405, ['message', 'success']]);
    expect(answer.headers.get('allow')).toContain('PATCH');
  });
});

describe('wire README 8: another user’s chat', () => {
  it.each([
    ['GET', '/messages', undefined],
    ['PUT', '/rename', { title: 'mine now' }],
    ['DELETE', '', undefined],
  ])('%s /api/chat/:chat_id%s is 403 `Access denied`, and changes nothing', async (method, path, body) => {
    const owner = await client.newUser();
    const chatId = await client.newChat(owner.cookie);
    const answer = await client.call(`${method} /api/chat/${chatId}${path}`, { cookie, body });
    expect([answer.status, answer.body]).toEqual([403, failure('Access denied')]);
    expect(await client.chats(owner.cookie)).toMatchObject([{ id: chatId, title: 'New Chat' }]);
  });

  it.each(['0', '01', '+1', '-1', '1.0', '9007199254740993', '99999999999999999999', '1099511627776'])(
    'the id %s is 404 `Chat not found` everywhere',
    async (id) => {
      for (const [method, path] of [
        ['GET', '/messages'],
        ['PUT', '/rename'],
        ['DELETE', ''],
      ]) {
        const body = method === 'PUT' ? { title: 'x' } : undefined;
        const answer = await client.call(`${method} /api/chat/${id}${path}`, { cookie, body });
        expect([answer.status, answer.body]).toEqual([404, failure('Chat not found')]);
      }
    },
  );
});
