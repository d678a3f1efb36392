import { describe, expect, inject, it } from 'vitest';
import { createClient } from './client.ts';
import { clients, connect, type ClientName } from './socket-client.ts';

const client = createClient(inject('sharedUrl'));
const names = Object.keys(clients) as ClientName[];
const over = { event: 'error', payload: { message: 'Authentication required' } };

/** How long it takes until the socket is told to go, and is gone. */
async function timeToLeave(socket: Awaited<ReturnType<typeof connect>>, end: () => Promise<unknown>) {
  const startedAt = performance.now();
  await Promise.all([end(), socket.left]);
  expect(socket.told.at(-1)).toEqual(over);
  // It stays away, instead of being refused once a second.
  expect(socket.socket.active).toBe(false);
  return performance.now() - startedAt;
}

describe('wire `Authentication required` (then disconnect, e.g. after logout)', () => {
  it.each(names)(
    'logout ends the sockets of that login within 1 s, and no other: client %s',
    async (name) => {
      const { email, password, cookie } = await client.newUser();
      const login = await client.call('POST /api/auth/login', { body: { email, password } });
      await using mine = await connect(client.url, cookie, name);
      await using second = await connect(client.url, cookie);
      await using other = await connect(client.url, login.cookie ?? '', name);
      const logout = () => client.call('POST /api/auth/logout', { cookie });
      const took = await Promise.all([timeToLeave(mine, logout), timeToLeave(second, async () => undefined)]);
      expect(Math.max(...took)).toBeLessThan(1_000);
      const chatId = await client.newChat(login.cookie ?? '');
      expect((await other.ask(chatId, 'still here')).end.event).toBe('message_complete');
      await expect(connect(client.url, cookie, name)).rejects.toThrow(/websocket error|xhr poll error/);
    },
  );

  it('removing the account ends its sockets within 1 s', async () => {
    const { cookie } = await client.newUser();
    await using socket = await connect(client.url, cookie);
    const remove = () => client.call('DELETE /api/user/account', { cookie });
    expect(await timeToLeave(socket, remove)).toBeLessThan(1_000);
  });

  it('a password change through another dialect ends its sockets within 1 s', async () => {
    const { email, password, cookie } = await client.newUser();
    await using socket = await connect(client.url, cookie);
    const login = await client.call('POST /auth/login', { body: { username: email, password } });
    const { access_token: token } = login.body['tokens'] as { access_token: string };
    const change = () =>
      client.call('PUT /auth/profile', {
        headers: { authorization: `Bearer ${token}` },
        body: { password: 'Another-password-1' },
      });
    expect(await timeToLeave(socket, change)).toBeLessThan(1_000);
  });
});

describe('foreign origins', () => {
  const handshake = (headers: Record<string, string>) =>
    client.call('GET /socket.io/?EIO=4&transport=polling', { headers });

  it('polling from one is refused, whatever it carries; the answer cannot be read there', async () => {
    const { cookie } = await client.newUser();
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost:43210' },
    ]) {
      const answer = await handshake({ cookie, ...headers });
      expect([answer.status, answer.body]).toEqual([
        403,
        { success: false, message: 'Requests from this origin are not accepted' },
      ]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('a websocket from one is refused', async () => {
    const { cookie } = await client.newUser();
    const { io } = clients['4.5.4 over websocket'];
    for (const origin of ['https://evil.example', 'null']) {
      const socket = io(client.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders: { cookie, origin },
      });
      const refused = new Promise<Error>((resolve) => void socket.once('connect_error', resolve));
      expect((await refused).message).toMatch(/websocket error/);
      socket.close();
    }
  });

  it('a frontend’s origin may poll with cookies: preflight, handshake and messages', async () => {
    const { cookie } = await client.newUser();
    const origin = 'http://localhost:3000';
    const preflight = await client.call('OPTIONS /socket.io/?EIO=4&transport=polling', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    const opened = await handshake({ cookie, origin });
    expect([opened.status, opened.text.slice(0, 1)]).toEqual([200, '0']);
    const { sid } = JSON.parse(opened.text.slice(1)) as { sid: string };
    const connected = await client.call(`POST /socket.io/?EIO=4&transport=polling&sid=${sid}`, {
      headers: { cookie, origin, 'content-type': 'text/plain;charset=UTF-8' },
      raw: '40',
    });
    expect([connected.status, connected.text]).toEqual([200, 'ok']);
    for (const { headers } of [preflight, opened, connected]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
    }
    expect(opened.headers.get('x-content-type-options')).toBe('nosniff');
    expect(opened.headers.get('set-cookie')).toBeNull();
  });

  it('answers are no scripts that another page could load', async () => {
    const { cookie } = await client.newUser();
    const answer = await client.call('GET /socket.io/?EIO=4&transport=polling&j=0', { headers: { cookie } });
    expect(answer.status).toBe(400);
  });
});
