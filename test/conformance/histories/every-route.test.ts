import { pngOf } from '../../support/made-images.ts';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient, type Client } from './client.ts';

const client = createClient(inject('historiesUrl'));
let token: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
});

const json = { 'content-type': 'application/json' };
const origin = 'http://localhost:3000';
const signedIn = [
  'GET /api/auth/me',
  'POST /api/auth/logout',
  'GET /api/chat/histories',
  'POST /api/chat/create',
  'GET /api/chat/1',
  'DELETE /api/chat/1/delete',
  'POST /api/chat/1/clear',
  'POST /api/messages/1/send',
  'POST /api/messages/1/send-image-query',
  'GET /api/messages/1/messages',
  'DELETE /api/messages/1',
  'POST /api/chat',
  'POST /api/chat/image',
];
const withBody = [
  'POST /api/auth/register',
  'POST /api/auth/login',
  'POST /api/chat/create',
  'POST /api/messages/1/send',
  'POST /api/messages/1/send-image-query',
  'POST /api/chat',
  'POST /api/chat/image',
];

describe('wire "no token"', () => {
  it.each(signedIn)('%s without a token is 401, whatever it carries', async (route) => {
    const sentence = 'Missing Authorization Header';
    const answer = await client.call(route, { headers: json });
    expect([answer.status, answer.body]).toEqual([401, { msg: sentence, error: sentence }]);
  });

  it('a login of another kind is no token: cookies are not read here', async () => {
    const answer = await client.call('GET /api/auth/me', { headers: { cookie: `session=${token}` } });
    expect(answer.status).toBe(401);
  });
});

describe('wire README 1: an empty body with a JSON content type means "no body"', () => {
  it.each(['GET /api/auth/me', 'GET /api/chat/histories'])('%s', async (route) => {
    expect((await client.call(route, { token, headers: json })).status).toBe(200);
  });

  it.each([
    ['POST /api/auth/register', 'Missing required fields'],
    ['POST /api/auth/login', 'Missing username or password'],
    ['POST /api/chat', 'Message cannot be empty'],
    ['POST /api/chat/image', 'No image provided'],
  ])('%s says what is missing', async (route, error) => {
    const answer = await client.call(route, { token, headers: json });
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });
});

describe('wire README 2: CORS', () => {
  it.each(signedIn)('the preflight of %s is answered before authentication', async (route) => {
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
    expect(answer.headers.get('access-control-allow-methods')).toContain(method);
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization/);
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/content-type/);
  });

  it('answers carry the origin, failures too; a foreign one is never reflected', async () => {
    for (const route of ['GET /api/chat/histories', 'GET /api/chat/none']) {
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
      const answer = await client.call(route, { token, headers: json, raw });
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
      const answer = await client.call(route, { token, headers: json, raw });
      expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
    }
  });

  it('an unknown content type is 415, a body that is too large 413', async () => {
    const path = `POST /api/messages/${await client.newChat(token)}/send`;
    const xml = await client.call(path, { token, headers: { 'content-type': 'text/xml' }, raw: '<a/>' });
    expect([xml.status, keysOf(xml.body)]).toEqual([415, ['error']]);
    const large = await client.call('POST /api/chat', { token, body: { message: 'x'.repeat(1024 * 1024) } });
    expect([large.status, keysOf(large.body)]).toEqual([413, ['error']]);
  });

  it.each([
    'GET /api/chat/list',
    'GET /api/auth',
    'POST /api/messages/1/nothing',
    'GET /api/chat/1/2/3',
    'PUT /api/messages/x',
  ])('the unknown route %s is 404 `Not found`', async (route) => {
    const answer = await client.call(route, { token });
    expect([answer.status, answer.body]).toEqual([404, { error: 'Not found' }]);
  });

  it('a wrong method is 405 with Allow', async () => {
    const answer = await client.call('GET /api/auth/login', { token });
    expect([answer.status, answer.headers.get('allow'), keysOf(answer.body)]).toEqual([
      405,
      'POST, OPTIONS',
      ['error'],
    ]);
  });
});

describe('wire README 8: another user’s chat', () => {
  it.each([
    ['GET', ''],
    ['DELETE', '/delete'],
    ['POST', '/clear'],
  ])('%s /api/chat/:chat_id%s is 404, exactly as for a chat that never existed', (method, path) =>
    compare((id) => client.call(`${method} /api/chat/${id}${path}`, { token })),
  );

  it.each([
    ['POST', '/send', { text: 'mine now' }],
    ['POST', '/send-image-query', { image: pngOf({ width: 1, height: 1 }).toString('base64') }],
    ['GET', '/messages', undefined],
  ])('%s /api/messages/:chat_id%s likewise', (method, path, body) =>
    compare((id) => client.call(`${method} /api/messages/${id}${path}`, { token, body })),
  );

  async function compare(attempt: (id: number) => ReturnType<Client['call']>): Promise<void> {
    const owner = await client.newUser();
    const chatId = await client.newChat(owner.token, 'private matters');
    const sent = await client.send(owner.token, chatId, 'a private word');
    const foreign = await attempt(chatId);
    const missing = await attempt(2 ** 40);
    expect([foreign.status, foreign.text]).toEqual([404, '{"error":"Chat not found"}']);
    expect([missing.status, missing.text]).toEqual([foreign.status, foreign.text]);
    const headers = (answer: typeof foreign) => [...answer.headers.keys()].toSorted();
    expect(headers(missing)).toEqual(headers(foreign));
    const { body } = await client.call(`GET /api/chat/${chatId}`, { token: owner.token });
    expect(body['messages']).toEqual([sent.user, sent.bot]);
  }
});
