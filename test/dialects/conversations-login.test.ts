import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversations } from '../../src/dialects/conversations/index.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import { createTestApp } from '../http/test-app.ts';
import { playClock } from '../support/logins.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const minute = 60_000;
const clock = playClock();
let core: TempCore;
let app: FastifyInstance;
beforeAll(async () => {
  core = await openTempCore({ clock });
  app = await createTestApp({
    parts: [
      async (scope) => {
        await mountDialects(scope, { core: core.core, dialects: [conversations] });
      },
    ],
    settings: { trustProxy: true },
  });
  await core.core.users.register({ username: 'ada', password: 'correct horse' });
});
afterAll(async () => {
  await app.close();
  await core.dispose();
});

async function signIn(headers: Record<string, string> = {}): Promise<string> {
  const payload = { username: 'ada', password: 'correct horse' };
  const answer = await app.inject({ method: 'POST', url: '/api/login', headers, payload });
  return String(answer.headers['set-cookie']);
}
const ask = async (cookie: string) => {
  const { statusCode } = await app.inject({ url: '/api/conversations', headers: { cookie } });
  return statusCode;
};

describe('a login of conversations', () => {
  it('ends 30 minutes after its last use, and not before', async () => {
    const [cookie = ''] = (await signIn()).split(';');
    for (let use = 0; use < 5; use += 1) {
      clock.advance(29 * minute);
      expect(await ask(cookie)).toBe(200);
    }
    clock.advance(31 * minute);
    expect(await ask(cookie)).toBe(401);
    const { statusCode, body } = await app.inject({ url: '/api/current_user', headers: { cookie } });
    expect([statusCode, body]).toEqual([200, '{"user":null}']);
  });

  it('is prolonged by whatever asks who is there', async () => {
    const [cookie = ''] = (await signIn()).split(';');
    clock.advance(20 * minute);
    await app.inject({ url: '/api/current_user', headers: { cookie } });
    clock.advance(20 * minute);
    expect(await ask(cookie)).toBe(200);
  });

  it('has a cookie that the browser never lets expire by itself, so that use prolongs both', async () => {
    expect(await signIn()).not.toMatch(/max-age|expires/i);
    expect(await signIn({ 'x-forwarded-proto': 'https' })).toMatch(/^__Host-session=.+; Secure$/);
  });
});
