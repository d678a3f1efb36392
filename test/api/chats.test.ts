import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, newUser, type Page, type ShownChat } from './client.ts';
import { playAi } from './played-ai.ts';

let server: ApiServer;
let client: Client;
beforeAll(async () => {
  server = await startApiServer(playAi());
  ({ client } = await newUser(server.url));
});
afterAll(() => server.close());

describe('one chat', () => {
  test('is made, read, renamed, pinned and removed', async () => {
    const made = await client.post<ShownChat>('/chats', { title: 'Words' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/chats/${made.body.id}`);
    expect(made.body).toMatchObject({
      title: 'Words',
      pinned: false,
      message_count: 0,
      last_message_at: null,
    });

    const path = `/chats/${made.body.id}`;
    expect((await client.get(path)).body).toEqual(made.body);
    expect((await client.get(`/chats/${made.body.id.toUpperCase()}`)).body).toEqual(made.body);
    expect((await client.patch(path, { title: 'Deeds', pinned: true })).body).toMatchObject({
      title: 'Deeds',
      pinned: true,
    });
    expect((await client.delete(path)).status).toBe(204);
    expect((await client.get(path)).body).toMatchObject({ status: 404, code: 'chat-not-found' });
  });

  test('says what it asks of its AI, and takes it back', async () => {
    const settings = { model: 'played', system_prompt: 'Be brief.', temperature: 0.5, max_output_tokens: 9 };
    const made = await client.post<ShownChat>('/chats', settings);
    expect(made.body).toMatchObject(settings);
    const path = `/chats/${made.body.id}`;
    const none = { model: null, system_prompt: null, temperature: null, max_output_tokens: null };
    expect((await client.patch(path, none)).body).toMatchObject({ ...none, revision: 2 });
    const refused = await client.patch(path, { model: 'nobody' });
    expect(refused.body).toMatchObject({ status: 400, code: 'model-not-offered' });
  });

  test('is made without any body', async () => {
    const { status, body } = await client.post('/chats');
    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'New Chat' });
  });

  test.each([
    [{ title: ' ' }, 'title-empty'],
    [{ title: 'x'.repeat(256) }, 'title-too-long'],
    [{ title: 7 }, 'field-invalid'],
    [{ colour: 'red' }, 'field-invalid'],
  ])('%j is refused as %s', async (patch, code) => {
    const { body, status } = await client.patch(`/chats/${await client.chat()}`, patch);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code });
  });

  test("another user's is not found, exactly as one that never was", async () => {
    const { client: stranger } = await newUser(server.url);
    const id = await client.chat();
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { title: 'mine' }],
      ['DELETE', '', undefined],
      ['POST', '/clear', undefined],
      ['GET', '/messages', undefined],
      ['POST', '/messages', { text: 'hi' }],
    ] as const) {
      const foreign = await stranger.call(method, `/chats/${id}${path}`, body);
      const never = await stranger.call(method, `/chats/${randomUUID()}${path}`, body);
      expect(foreign.status).toBe(404);
      expect(foreign.body).toEqual(never.body);
    }
    expect((await client.get(`/chats/${id}`)).status).toBe(200);
  });
});

describe('If-Match', () => {
  test('lets a change through that is based on what is there, and no other', async () => {
    const path = `/chats/${await client.chat()}`;
    const etag = (await client.get(path)).headers.get('etag') ?? '';
    const first = await client.with({ 'if-match': etag }).patch(path, { title: 'first' });
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).not.toBe(etag);

    const stale = await client.with({ 'if-match': etag }).patch(path, { title: 'second' });
    expect(stale.status).toBe(412);
    expect(stale.body).toMatchObject({ code: 'revision-stale' });
    expect((await client.with({ 'if-match': etag }).delete(path)).status).toBe(412);
    expect((await client.with({ 'if-match': `W/${first.headers.get('etag')}` }).delete(path)).status).toBe(
      412,
    );
    expect((await client.get(path)).body).toMatchObject({ title: 'first' });

    const several = `"0", ${first.headers.get('etag')}`;
    expect((await client.with({ 'if-match': several }).patch(path, { title: 'third' })).status).toBe(200);
    expect((await client.with({ 'if-match': '*' }).delete(path)).status).toBe(204);
  });

  test('that is no list of tags is refused', async () => {
    const path = `/chats/${await client.chat()}`;
    const { status, body } = await client.with({ 'if-match': 'five' }).patch(path, { title: 'x' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ field: 'If-Match' }] });
  });
});

describe('the list', () => {
  test('goes through every chat once, the latest change first', async () => {
    const { client: collector } = await newUser(server.url);
    const made: string[] = [];
    for (let n = 0; n < 7; n += 1) made.push(await collector.chat());

    const seen: string[] = [];
    let path = '/chats?limit=3';
    for (let pages = 1; ; pages += 1) {
      const { body } = await collector.get<Page<ShownChat>>(path);
      seen.push(...body.items.map(({ id }) => id));
      if (body.next_cursor === null) {
        expect(pages).toBe(3);
        break;
      }
      expect(body.items).toHaveLength(3);
      path = `/chats?limit=3&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(made.toReversed());
  });

  test('narrows to pinned ones', async () => {
    const { client: collector } = await newUser(server.url);
    const [pinned, other] = [await collector.chat(), await collector.chat()];
    await collector.patch(`/chats/${pinned}`, { pinned: true });
    const ids = async (query: string) =>
      (await collector.get<Page<ShownChat>>(`/chats${query}`)).body.items.map(({ id }) => id);
    expect(await ids('?pinned=true')).toEqual([pinned]);
    expect(await ids('?pinned=false')).toEqual([other]);
    expect(await ids('')).toEqual([pinned, other]);
  });

  test.each(['limit=0', 'limit=101', 'limit=ten', 'limit=1&limit=2', 'pinned=maybe'])(
    '%s is refused, by its name',
    async (query) => {
      const { status, body } = await client.get(`/chats?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'field-invalid', errors: [{ field: query.split('=')[0] }] });
    },
  );

  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    'x',
    'a+b',
    cursor({}),
    cursor([2, 'chats', 1, 1]),
    cursor([1, 'older', 1]),
    cursor([1, 'chats', 1]),
    cursor([1, 'chats', 1, '1']),
    cursor([1, 'chats', 1e300, 1]),
    cursor([1, 'chats', -1, 1]),
  ])('the cursor %s is refused', async (value) => {
    const { status, body } = await client.get(`/chats?cursor=${encodeURIComponent(value)}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'cursor-invalid' });
  });
});

describe('what is not there', () => {
  test('an unknown path, in our words', async () => {
    const { status, headers, body } = await client.get('/nothing/here');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ code: 'route-not-found' });
  });

  test('another method of a path, with those it has', async () => {
    const { status, headers } = await client.call('PUT', '/chats', {});
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
  });

  test('an id of another form', async () => {
    const { status, body } = await client.get('/chats/1');
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'field-invalid', errors: [{ field: 'id' }] });
  });
});
