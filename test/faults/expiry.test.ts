import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { createV1Client, type Sent } from '../support/v1-client.ts';
import { openReaders, type Place } from './open-readers.ts';

const withinMs = 1_000;
/** A browser's login lives half an hour at the least: its readers end by the same timer, which no test can wait for. */
const withCookie = ['the same with a cookie', 'Socket.IO'];

const data = temporaryFolder();
let ai: FakeAi;
let server: ServerProcess;
beforeAll(async () => {
  ai = await createFakeAi();
  server = await startServerProcess({
    DATA_DIR: data.folder,
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: ai.url,
    AI_MODEL: 'fake:count=100000,rate=20',
    JWT_ACCESS_TOKEN_EXPIRES: '4',
  });
});
afterAll(async () => {
  await server.kill();
  await ai.close();
  data.remove();
});

it('P9: a login that expires while its reply is written: nobody hears more than a second longer', async () => {
  const { url } = server;
  const guest = createV1Client(url, '');
  const person = { username: 'brief', email: 'brief@example.org', password: 'gone in four seconds' };
  await guest.json('POST', '/api/auth/register', person);
  const { token } = await guest.json<{ token: string }>('POST', '/api/auth/login', person);
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { exp } = JSON.parse(claims) as { exp: number };
  const client = createV1Client(url, token);
  const { id: chat } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
  const { reply } = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, { text: 'go on' });
  const place: Place = { url, token, cookie: '', chat, reply: reply.id };

  const waits = 'a send that streams';
  const chosen = Object.entries(openReaders).filter(([name]) => !withCookie.includes(name) && name !== waits);
  expect(chosen.length).toBeGreaterThanOrEqual(3);
  const readers = await Promise.all(chosen.map(([, open]) => open(place)));
  const expiresAt = performance.now() + exp * 1_000 - Date.now();
  for (const reader of readers) {
    const closedMs = (await reader.closedAt) - expiresAt;
    expect(closedMs).toBeGreaterThan(-1_000);
    expect(closedMs).toBeLessThan(withinMs);
    expect(reader.lastToldAt() - expiresAt).toBeLessThan(withinMs);
  }
  expect((await client.request('GET', '/api/v1/me')).status).toBe(401);
});
