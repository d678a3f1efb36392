import { describe, expect, inject, it } from 'vitest';
import { type Answer, createCall, keysOf } from '../call.ts';
import { createClient, secrets, tokenKeys, type Tokens } from './client.ts';

const client = createClient(inject('sharedUrl'));
const bare = createCall(inject('sharedUrl'));
const refresh = (token: string) => client.call('POST /auth/refresh', { token });
const verify = (token: string) => client.call('GET /auth/verify', { token });
const tokensOf = ({ body }: Answer) => body['tokens'] as Tokens;

/** The pair of a refresh that must succeed. */
async function refreshed(token: string): Promise<Tokens> {
  const answer = await refresh(token);
  expect(answer.status).toBe(200);
  return tokensOf(answer);
}

function expectTokenFailure(answer: Answer): void {
  expect([answer.status, keysOf(answer.body)]).toEqual([401, ['error', 'msg']]);
  expect(answer.body['msg']).toBe(answer.body['error']);
}

describe('POST /auth/refresh', () => {
  it('README "Refresh Token": the refresh token as Bearer; wire: both are new', async () => {
    const user = await client.newUser();
    const answer = await refresh(user.refreshToken);
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['message', 'tokens']]);
    expect(answer.body['message']).toBe('Token refreshed successfully');
    const tokens = tokensOf(answer);
    expect(keysOf(tokens)).toEqual(tokenKeys);
    expect(tokens.token_type).toBe('bearer');
    expect(tokens.access_token).not.toBe(user.token);
    expect(tokens.refresh_token).not.toBe(user.refreshToken);
    expect((await verify(tokens.access_token)).status).toBe(200);
    expect(answer.text).not.toMatch(secrets);
  });

  it('wire: the access token lives 24 h, the refresh token 30 days', async () => {
    const now = Date.now() / 1000;
    const { token, refreshToken } = await client.newUser();
    const expiry = (jwt: string) =>
      (JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }).exp;
    expect(expiry(token) - now).toBeCloseTo(24 * 3600, -1);
    expect(expiry(refreshToken) - now).toBeCloseTo(30 * 24 * 3600, -1);
  });

  it('wire "a refresh token works once": once the new pair is in use, the old one is dead', async () => {
    const user = await client.newUser();
    const next = await refreshed(user.refreshToken);
    expect((await verify(next.access_token)).status).toBe(200);
    expectTokenFailure(await verify(user.token));
    expectTokenFailure(await refresh(user.refreshToken));
  });

  it('wire "a retry after a lost answer still works until the new pair is used"', async () => {
    const user = await client.newUser();
    await refreshed(user.refreshToken);
    await refreshed(user.refreshToken);
    // The answers were lost: the client still has its first pair.
    expect((await verify(user.token)).status).toBe(200);
    const third = await refreshed(user.refreshToken);
    expect((await verify(third.access_token)).status).toBe(200);
    expectTokenFailure(await refresh(user.refreshToken));
  });

  it('wire "its reuse after that ends the whole login", and no other', async () => {
    const user = await client.newUser();
    const other = await client.signIn(user.username);
    const next = await refreshed(user.refreshToken);
    expect((await verify(next.access_token)).status).toBe(200);
    expectTokenFailure(await refresh(user.refreshToken));
    expectTokenFailure(await verify(next.access_token));
    expectTokenFailure(await refresh(next.refresh_token));
    expect((await verify(other.access_token)).status).toBe(200);
  });

  it('refreshing by the new refresh token counts as using the pair', async () => {
    const user = await client.newUser();
    const second = await refreshed(user.refreshToken);
    const third = await refreshed(second.refresh_token);
    expect((await verify(third.access_token)).status).toBe(200);
    expectTokenFailure(await refresh(user.refreshToken));
  });

  it('50 at once leave one living pair, and nobody is signed out', async () => {
    const user = await client.newUser();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(user.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    const last = tokensOf(answers.at(-1) as Answer);
    expect((await verify(last.access_token)).status).toBe(200);
    // All of them are that one pair: whichever a tab has kept goes on.
    for (const { access_token } of answers.map(tokensOf))
      expect((await verify(access_token)).status).toBe(200);
    const next = await refreshed(last.refresh_token);
    expect((await verify(next.access_token)).status).toBe(200);
    const others = await Promise.all(answers.map((answer) => verify(tokensOf(answer).access_token)));
    expect(others.filter(({ status }) => status === 200)).toEqual([]);
    expect((await verify(next.access_token)).status).toBe(200);
  });

  it('an access token does not refresh, and a refresh token opens nothing else', async () => {
    const user = await client.newUser();
    expectTokenFailure(await refresh(user.token));
    for (const route of [
      'GET /auth/verify',
      'GET /auth/profile',
      'GET /chat/sessions',
      'POST /auth/logout',
    ]) {
      expectTokenFailure(await client.call(route, { token: user.refreshToken }));
    }
    expect((await verify(user.token)).status).toBe(200);
  });

  it.each(['', 'Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic abc'])(
    'the header %j is 401 with msg and error',
    async (authorization) => {
      const headers = authorization === '' ? {} : { authorization };
      expectTokenFailure(await client.call('POST /auth/refresh', { headers }));
    },
  );
});

describe('POST /auth/logout', () => {
  it('wire: 200 `Logout successful`; both tokens are dead, and only these', async () => {
    const user = await client.newUser();
    const other = await client.signIn(user.username);
    const answer = await client.call('POST /auth/logout', { token: user.token });
    expect([answer.status, answer.body]).toEqual([200, { message: 'Logout successful' }]);
    expectTokenFailure(await verify(user.token));
    expectTokenFailure(await refresh(user.refreshToken));
    expectTokenFailure(await client.call('POST /auth/logout', { token: user.token }));
    expect((await verify(other.access_token)).status).toBe(200);
  });

  it('ends a login whose pair was refreshed, with all its tokens', async () => {
    const user = await client.newUser();
    const next = await refreshed(user.refreshToken);
    expect((await client.call('POST /auth/logout', { token: next.access_token })).status).toBe(200);
    for (const token of [user.token, next.access_token]) expectTokenFailure(await verify(token));
    for (const token of [user.refreshToken, next.refresh_token]) expectTokenFailure(await refresh(token));
  });

  it('kills the token on every dialect that is served, at once', async (context) => {
    const elsewhere = ['GET /api/chat/histories', 'GET /api/v1/me'];
    const { token } = await client.newUser();
    const alive = await Promise.all(elsewhere.map((route) => bare(route, { token })));
    if (!inject('isOurs')) context.skip('another server may speak this dialect alone');
    expect(alive.map(({ status }) => status)).toEqual([200, 200]);
    await client.call('POST /auth/logout', { token });
    for (const route of elsewhere) expect((await bare(route, { token })).status).toBe(401);
  });

  it('is done by the logouts of other dialects, too', async (context) => {
    if (!inject('isOurs')) context.skip('another server may speak this dialect alone');
    for (const route of ['POST /api/auth/logout', 'POST /api/v1/auth/sign-out']) {
      const user = await client.newUser();
      expect((await bare(route, { token: user.token })).status).toBeLessThan(300);
      expectTokenFailure(await verify(user.token));
      expectTokenFailure(await refresh(user.refreshToken));
    }
  });
});
