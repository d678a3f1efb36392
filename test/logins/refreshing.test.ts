import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TokenPair } from '../../src/core/core.ts';
import { createLogins, playClock, refused, registerSomeone, type Logins } from '../support/logins.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

const day = 24 * 60 * 60_000;

let storage: TempStorage;
let logins: Logins;
let pair: TokenPair;
const clock = playClock();

beforeAll(async () => {
  storage = await openTempStorage();
});
afterAll(() => storage.dispose());
beforeEach(async () => {
  logins = createLogins({ store: storage.store, clock });
  pair = await logins.sessions.openPair((await registerSomeone(logins)).user);
});

const use = (token: string) => logins.sessions.checkToken(token);
const ended = refused('session-ended');

const stored = async () => (await storage.store.sessions.find(pair.session.uuid))?.session;

describe('a pair', () => {
  test('has an access token for a day and a refresh token for thirty, each for its own purpose', async () => {
    expect(pair.accessExpiresAt).toEqual(new Date(clock().getTime() + day));
    expect(pair.session.expiresAt).toEqual(new Date(clock().getTime() + 30 * day));
    const { userId, id: sessionId } = pair.session;
    expect(await use(pair.accessToken)).toEqual({ userId, sessionId });
    await expect(use(pair.refreshToken)).rejects.toThrow(refused('token-invalid'));
    await expect(logins.sessions.refresh(pair.accessToken)).rejects.toThrow(refused('token-invalid'));
  });

  test('is renewed after its access token has expired, and not after its refresh token has', async () => {
    clock.advance(day);
    await expect(use(pair.accessToken)).rejects.toThrow(refused('token-expired'));
    const next = await logins.sessions.refresh(pair.refreshToken);
    expect(await use(next.accessToken)).toMatchObject({ sessionId: pair.session.id });
    clock.advance(30 * day);
    await expect(logins.sessions.refresh(next.refreshToken)).rejects.toThrow(refused('token-expired'));
  });

  test('lives on for as long as it is renewed', async () => {
    let newest = pair;
    for (let month = 0; month < 12; month += 1) {
      clock.advance(29 * day);
      newest = await logins.sessions.refresh(newest.refreshToken);
      expect(await use(newest.accessToken)).toMatchObject({ sessionId: pair.session.id });
    }
    expect(newest.session).toMatchObject({ id: pair.session.id, generation: 12 });
  });
});

describe('a retry', () => {
  test('with the old token gives the same generation until the new pair is used', async () => {
    const first = await logins.sessions.refresh(pair.refreshToken);
    const second = await logins.sessions.refresh(pair.refreshToken);
    expect(second.session.generation).toBe(first.session.generation);
    expect(await use(pair.accessToken)).toMatchObject({ sessionId: pair.session.id });
    expect(await use(first.accessToken)).toMatchObject({ sessionId: pair.session.id });
    expect(await use(second.accessToken)).toMatchObject({ sessionId: pair.session.id });
  });

  test('by fifty at once leaves one generation, and nobody is signed out', async () => {
    const pairs = await Promise.all(
      Array.from({ length: 50 }, () => logins.sessions.refresh(pair.refreshToken)),
    );
    expect(new Set(pairs.map(({ session }) => session.generation))).toEqual(new Set([1]));
    expect(await stored()).toMatchObject({ generation: 1, endedAt: null });
    const actors = await Promise.all(pairs.map(({ accessToken }) => use(accessToken)));
    expect(actors.filter(({ sessionId }) => sessionId === pair.session.id)).toHaveLength(50);
    const next = await logins.sessions.refresh(pairs[49]?.refreshToken ?? '');
    expect(next.session.generation).toBe(2);
  });

  test('by fifty at once who use what they get straight away signs nobody out', async () => {
    const actors = await Promise.all(
      Array.from({ length: 50 }, async () =>
        use((await logins.sessions.refresh(pair.refreshToken)).accessToken),
      ),
    );
    expect(actors).toHaveLength(50);
    expect(await stored()).toMatchObject({ generation: 1, usedGeneration: 1, endedAt: null });
  });

  test('by processes that share the database is no different', async () => {
    const others = Array.from({ length: 5 }, () => createLogins({ store: storage.store, clock }));
    const pairs = await Promise.all(others.map(({ sessions }) => sessions.refresh(pair.refreshToken)));
    expect(pairs.map(({ session }) => session.generation)).toEqual([1, 1, 1, 1, 1]);
    for (const other of others) {
      for (const { accessToken } of pairs) {
        expect(await other.sessions.checkToken(accessToken)).toMatchObject({ sessionId: pair.session.id });
      }
    }
  });
});

describe('using the new pair', () => {
  test('ends the old access token', async () => {
    await use(pair.accessToken);
    const next = await logins.sessions.refresh(pair.refreshToken);
    expect(await use(pair.accessToken)).toMatchObject({ sessionId: pair.session.id });
    await use(next.accessToken);
    await expect(use(pair.accessToken)).rejects.toThrow(ended);
    expect(await use(next.accessToken)).toMatchObject({ sessionId: pair.session.id });
  });

  test('makes a reuse of the old refresh token end the whole login, at once', async () => {
    const next = await logins.sessions.refresh(pair.refreshToken);
    const { sessionId } = await use(next.accessToken);
    let told = 0;
    logins.sessions.onEnd(sessionId, () => (told += 1));

    await expect(logins.sessions.refresh(pair.refreshToken)).rejects.toThrow(ended);

    expect(told).toBe(1);
    await expect(use(next.accessToken)).rejects.toThrow(ended);
    await expect(logins.sessions.refresh(next.refreshToken)).rejects.toThrow(ended);
    expect(await stored()).toMatchObject({ endedAt: clock() });
    expect(await logins.log.line('used again')).toMatchObject({ level: 'warn', fields: { sessionId } });
  });

  test('by a refresh, without an access token, makes a reuse end the login too', async () => {
    const next = await logins.sessions.refresh(pair.refreshToken);
    await logins.sessions.refresh(next.refreshToken);
    await expect(logins.sessions.refresh(pair.refreshToken)).rejects.toThrow(ended);
    await expect(logins.sessions.refresh(next.refreshToken)).rejects.toThrow(ended);
  });

  test('in one process is known in another at once by the new token, and soon by the old one', async () => {
    const [one, other] = [logins, createLogins({ store: storage.store, clock })];
    for (const { sessions } of [one, other]) await sessions.checkToken(pair.accessToken);
    const next = await one.sessions.refresh(pair.refreshToken);
    await one.sessions.checkToken(next.accessToken);
    await expect(one.sessions.checkToken(pair.accessToken)).rejects.toThrow(ended);
    clock.advance(30_000);
    await expect(other.sessions.checkToken(pair.accessToken)).rejects.toThrow(ended);
    expect(await other.sessions.checkToken(next.accessToken)).toMatchObject({ sessionId: pair.session.id });

    const last = await one.sessions.refresh(next.refreshToken);
    expect(await other.sessions.checkToken(last.accessToken)).toMatchObject({ sessionId: pair.session.id });
    await expect(other.sessions.checkToken(next.accessToken)).rejects.toThrow(ended);
  });
});

test('a reuse ends that login alone', async () => {
  const user = await logins.users.get({ userId: pair.session.userId, sessionId: pair.session.id });
  const other = await logins.sessions.openPair(user);
  const next = await logins.sessions.refresh(pair.refreshToken);
  await use(next.accessToken);
  await expect(logins.sessions.refresh(pair.refreshToken)).rejects.toThrow(ended);
  expect(await use(other.accessToken)).toMatchObject({ sessionId: other.session.id });
});

test('a closed login is not renewed', async () => {
  await logins.sessions.close(await use(pair.accessToken));
  await expect(logins.sessions.refresh(pair.refreshToken)).rejects.toThrow(ended);
});
