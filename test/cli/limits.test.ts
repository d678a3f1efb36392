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
