import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient } from './client.ts';

const client = createClient(inject('sharedUrl'));
let cookie: string;
beforeAll(async () => {
  ({ cookie } = await client.newUser());
});

const json = { 'content-type': 'application/json' };
const origin = 'http://localhost:3000';
const signedIn = [
  'GET /api/logout',
  'POST /api/logout',
  'POST /api/logout/1',
  'GET /api/conversations',
  'POST /api/conversations',
  'PUT /api/conversations/1',
  'DELETE /api/conversations/1',
  'POST /api/conversations/1/messages',
];
const open = ['GET /api/test', 'POST /api/signup', 'POST /api/login', 'GET /api/current_user'];
const withBody = [
  ['POST /api/signup', 'Username and password are required'],
  ['POST /api/login', 'Username and password are required'],
  ['POST /api/conversations', 'Name is required'],
  ['PUT /api/conversations/1', 'Name is required'],
  ['POST /api/conversations/1/messages', 'Text is required'],
] as const;
const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

describe('wire "Not signed in: 401, never a redirect"', () => {
  it.each(signedIn)('%s', async (route) => {
    const { cookie: ended } = await client.newUser();
    await client.call('POST /api/logout', { cookie: ended });
    for (const headers of [
      {},
      { cookie: ended },
      { cookie: `session=${'A'.repeat(43)}` },
      { cookie: 'session=x' },
    ]) {
      const answer = await client.call(route, { headers: { ...json, accept: 'text/html', ...headers } });
      expect([answer.status, answer.body]).toEqual([401, { error: 'Authentication required' }]);
      expect(answer.headers.get('location')).toBeNull();
    }
  });
});

describe('wire README: a header and a cookie together', () => {
  it.each(['Bearer nonsense', 'Bearer'])('the header decides: %s', async (authorization) => {
    const answer = await client.call('GET /api/conversations', { cookie, headers: { authorization } });
    expect([answer.status, answer.body]).toEqual([401, { error: 'Authentication required' }]);
  });

  it('a header that is meant for a proxy decides nothing', async () => {
    const headers = { authorization: 'Basic YTpi' };
    expect((await client.call('GET /api/conversations', { cookie, headers })).status).toBe(200);
  });
});

describe('a page of another site', () => {
  it.each([...signedIn.filter((route) => route !== 'GET /api/conversations'), 'POST /api/login'])(
    'cannot have %s done',
    async (route) => {
      const answer = await client.call(route, {
        cookie,
        headers: foreign,
        body: route.startsWith('GET') ? undefined : {},
      });
      expect([answer.status, answer.body]).toEqual([
        403,
        { error: 'Requests from this origin are not accepted' },
      ]);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect((await client.call('GET /api/conversations', { cookie })).status).toBe(200);
    },
  );
});

describe('wire README 1: an empty body with a JSON content type means "no body"', () => {
  it.each(['GET /api/test', 'GET /api/current_user', 'GET /api/conversations'])('%s', async (route) => {
    expect((await client.call(route, { cookie, headers: json })).status).toBe(200);
  });

  it.each(withBody)('%s says what is missing', async (route, error) => {
    const answer = await client.call(route, { cookie, headers: json });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });
});

describe('wire README 2: CORS', () => {
  it.each([...signedIn, ...open])('the preflight of %s is answered before authentication', async (route) => {
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
  });

  it('answers carry the origin, failures too; a foreign one is never reflected', async () => {
    for (const route of ['GET /api/conversations', 'GET /api/current_user', 'GET /api/conversations/none']) {
      const answer = await client.call(route, { cookie, headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      const refused = await client.call(route, { cookie, headers: foreign });
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
      expect(refused.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});

describe('wire README 7: what cannot be understood', () => {
  it.each(withBody)('malformed JSON for %s is 400 in this dialect’s words', async (route) => {
    const raws = [
      '{"text":',
      'nonsense',
      '{"a":1}}',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    ];
    for (const raw of raws) {
      const answer = await client.call(route, { cookie, headers: json, raw });
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
      const answer = await client.call(route, { cookie, headers: json, raw });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });

  it('an unknown content type is 415, a body that is too large 413', async () => {
    const xml = await client.call('POST /api/conversations', {
      cookie,
      headers: { 'content-type': 'text/xml' },
      raw: '<a/>',
    });
    expect([xml.status, keysOf(xml.body)]).toEqual([415, ['error']]);
    const large = await client.call('POST /api/conversations', {
      cookie,
      body: { name: 'x'.repeat(1024 * 1024) },
    });
    expect([large.status, keysOf(large.body)]).toEqual([413, ['error']]);
  });

  it.each([
    'GET /api/conversations/none',
    'POST /api/conversations/1/nothing',
    'GET /api/test/1',
    'PUT /api/logout/me',
  ])('the unknown route %s is 404 `Not found`', async (route) => {
    const answer = await client.call(route, { cookie });
    expect([answer.status, answer.body]).toEqual([404, { error: 'Not found' }]);
  });

  it('a wrong method is 405 with Allow', async () => {
    const answer = await client.call('GET /api/login', { cookie });
    expect([answer.status, answer.headers.get('allow'), keysOf(answer.body)]).toEqual([
      405,
      'POST, OPTIONS',
      ['error'],
    ]);
  });
});

describe('wire README 8: another user’s conversation', () => {
  it.each([
    ['PUT', '', { name: 'mine now' }],
    ['DELETE', '', undefined],
    ['POST', '/messages', { text: 'mine now' }],
  ])(
    '%s /api/conversations/:id%s is 404, exactly as for one that never existed',
    async (method, path, body) => {
      const owner = await client.newUser();
      const id = await client.newConversation(owner.cookie, 'private matters');
      const messages = await client.send(owner.cookie, id, 'a private word');
      const attempt = (which: number) =>
        client.call(`${method} /api/conversations/${which}${path}`, { cookie, body });
      const stranger = await attempt(id);
      const missing = await attempt(2 ** 40);
      expect([stranger.status, stranger.text]).toEqual([404, '{"error":"Conversation not found"}']);
      expect([missing.status, missing.text]).toEqual([stranger.status, stranger.text]);
      const headers = (answer: typeof stranger) => [...answer.headers.keys()].toSorted();
      expect(headers(missing)).toEqual(headers(stranger));
      expect(await client.conversations(owner.cookie)).toEqual([{ id, name: 'private matters', messages }]);
    },
  );
});
