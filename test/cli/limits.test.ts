import { io } from 'socket.io-client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';

const password = 'Analytical-engine-1';
let server: ServerProcess | undefined;
const data = temporaryFolder();
afterEach(() => server?.stop());
afterAll(() => data.remove());

async function start(env: Record<string, string>): Promise<string> {
  server = await startServerProcess({ DATA_DIR: data.folder, ...env });
  return server.url;
}

const ask = (url: string, body: object, from?: string) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(from ? { 'x-forwarded-for': from } : {}) },
    body: JSON.stringify(body),
  });

async function signIns(url: string, { times, from }: { times: number; from?: string }): Promise<number[]> {
  const statuses = [];
  for (let asked = 0; asked < times; asked += 1)
    statuses.push((await ask(`${url}/api/auth/login`, { username: 'ada', password }, from)).status);
  return statuses;
}

describe('limits of a started server', () => {
  it('let a script sign in twenty times, and the twenty of another', async () => {
    const url = await start({});
    await ask(`${url}/api/auth/register`, { username: 'ada', email: 'ada@example.org', password });
    expect(await signIns(url, { times: 40 })).toEqual(Array(40).fill(200));
  });

  it('are as they are set, for each address that a trusted proxy names', async () => {
    const url = await start({ RATE_LIMIT_SIGN_IN: '2/1h', RATE_LIMIT_LOCAL_FACTOR: '2', TRUST_PROXY: 'on' });
    expect(await signIns(url, { times: 3, from: '203.0.113.1' })).toEqual([200, 200, 429]);
    expect(await signIns(url, { times: 3, from: '203.0.113.2' })).toEqual([200, 200, 429]);
    expect(await signIns(url, { times: 5 })).toEqual([200, 200, 200, 200, 429]);
  });

  it('believe nobody who names an address, unless told to', async () => {
    const url = await start({ RATE_LIMIT_SIGN_IN: '2/1h', RATE_LIMIT_LOCAL_FACTOR: '1' });
    expect(await signIns(url, { times: 2, from: '203.0.113.1' })).toEqual([200, 200]);
    expect(await signIns(url, { times: 1, from: '203.0.113.2' })).toEqual([429]);
  });

  it('count what an account sends over a socket and by requests together', async () => {
    const url = await start({ RATE_LIMIT_SEND: '2/1h', RATE_LIMIT_LOCAL_FACTOR: '1' });
    const signedUp = await ask(`${url}/api/auth/signup`, { email: 'hedy@example.org', password });
    const headers = { cookie: signedUp.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    const created = await fetch(`${url}/api/chat/create`, { method: 'POST', headers });
    const { chat_id } = (await created.json()) as { chat_id: number };
    const socket = io(url, { transports: ['websocket'], extraHeaders: headers });
    const say = (message: string) =>
      new Promise((resolve) => {
        socket.once('message_complete', () => resolve('complete')).once('error', resolve);
        socket.emit('send_message', { chat_id, message });
      });
    try {
      expect(await say('Hello')).toBe('complete');
      const other = await fetch(`${url}/api/v1/chats`, { method: 'POST', headers });
      const { id } = (await other.json()) as { id: string };
      const send = () =>
        fetch(`${url}/api/v1/chats/${id}/messages`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ text: 'Hello again' }),
        });
      expect((await send()).status).toBe(202);
      expect((await send()).status).toBe(429);
      expect(await say('Hello?')).toEqual({ message: 'Too many requests; try again later' });
    } finally {
      socket.close();
    }
  });

  it('can be off', async () => {
    const url = await start({
      RATE_LIMIT_SIGN_IN: '2/1h',
      RATE_LIMIT_GUESSES: '2/1h',
      RATE_LIMIT_LOCAL_FACTOR: '1',
      RATE_LIMITS: 'off',
    });
    const guess = () => ask(`${url}/api/auth/login`, { username: 'ada', password: 'wrong' });
    for (let tried = 0; tried < 15; tried += 1) expect((await guess()).status).toBe(401);
    const answer = await ask(`${url}/api/auth/login`, { username: 'ada', password });
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null]);
  });
});
