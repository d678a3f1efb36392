import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { mostLogins } from '../../src/core/sessions/open-session.ts';
import type { User, UserId } from '../../src/core/users/user.ts';
import { createLogins, playClock, refused, registerSomeone, type Logins } from '../support/logins.ts';
import { withSessionTable } from '../support/session-table.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let storage: TempStorage;
let clock = playClock();
let logins: Logins;
let user: User;
/** The reads and writes of logins that the store was asked for. */
let asked: string[] = [];

/** The store, with a note of what the table of logins is asked. */
function watchedStore(store: Store): Store {
  const watched = withSessionTable(store, (real) => ({
    find(uuid) {
      asked.push('find');
      return real.find(uuid);
    },
    findBySecret(secretHash) {
      asked.push('findBySecret');
      return real.findBySecret(secretHash);
    },
  }));
  return {
    ...watched,
    transaction(work) {
      asked.push('transaction');
      return store.transaction(work);
    },
  };
}

beforeAll(async () => {
  storage = await openTempStorage();
});
afterAll(() => storage.dispose());
beforeEach(async () => {
  clock = playClock();
  logins = createLogins({ store: watchedStore(storage.store), clock });
  ({ user } = await registerSomeone(logins));
  asked = [];
});

describe('an access login', () => {
  test('speaks for its user with one token, for as long as it lives', async () => {
    const { session, accessToken } = await logins.sessions.openAccess(user);
    expect(session).toMatchObject({
      userId: user.id,
      kind: 'access',
      createdAt: clock(),
      expiresAt: new Date(clock().getTime() + 30 * day),
      endedAt: null,
    });
    expect(await logins.sessions.checkToken(accessToken)).toEqual({ userId: user.id, sessionId: session.id });
    clock.advance(30 * day - 1);
    expect(await logins.sessions.checkToken(accessToken)).toMatchObject({ userId: user.id });
    clock.advance(1);
    await expect(logins.sessions.checkToken(accessToken)).rejects.toThrow(refused('token-expired'));
  });

  test('costs no SQL while it is used, and is read again now and then', async () => {
    const { accessToken } = await logins.sessions.openAccess(user);
    asked = [];
    for (let request = 0; request < 100; request += 1) await logins.sessions.checkToken(accessToken);
    expect(asked).toEqual(['find']);
    clock.advance(30_000);
    for (let request = 0; request < 100; request += 1) await logins.sessions.checkToken(accessToken);
    expect(asked).toEqual(['find', 'find']);
  });

  test('ends when it is closed, and closing it again does no harm', async () => {
    const { accessToken } = await logins.sessions.openAccess(user);
    const other = await logins.sessions.openAccess(user);
    const actor = await logins.sessions.checkToken(accessToken);
    await logins.sessions.close(actor);
    await logins.sessions.close(actor);
    await expect(logins.sessions.checkToken(accessToken)).rejects.toThrow(refused('session-ended'));
    expect(await logins.sessions.checkToken(other.accessToken)).toMatchObject({ userId: user.id });
  });

  test('whose row is gone has ended', async () => {
    const { session, accessToken } = await logins.sessions.openAccess(user);
    await storage.store.sessions.end(session.id, new Date(0));
    await storage.store.sessions.purge(new Date(1), 10);
    expect(await storage.store.sessions.find(session.uuid)).toBeUndefined();
    await expect(logins.sessions.checkToken(accessToken)).rejects.toThrow(refused('session-ended'));
  });

  test.each(['', 'x', 'a.b.c', 'x'.repeat(100_000)])('is not spoken for by %j', async (token) => {
    await expect(logins.sessions.checkToken(token)).rejects.toThrow(refused('token-invalid'));
    await expect(logins.sessions.refresh(token)).rejects.toThrow(refused('token-invalid'));
    expect(asked).toEqual([]);
  });
});

describe('a cookie login', () => {
  test('speaks for its user with a secret that is stored as a hash only', async () => {
    const { session, secret } = await logins.sessions.openCookie(user);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await logins.sessions.checkCookie(secret)).toEqual({ userId: user.id, sessionId: session.id });
    expect(await storage.store.sessions.findBySecret(secret)).toBeUndefined();
    const stored = createHash('sha256').update(secret).digest('hex');
    expect(await storage.store.sessions.findBySecret(stored)).toMatchObject({ session: { id: session.id } });
  });

  test('lives on while it is used, and that is written once a minute', async () => {
    const { session, secret } = await logins.sessions.openCookie(user);
    asked = [];
    clock.advance(minute - 1);
    await logins.sessions.checkCookie(secret);
    expect(asked).toEqual(['findBySecret']);

    clock.advance(1);
    await Promise.all(Array.from({ length: 20 }, () => logins.sessions.checkCookie(secret)));
    expect(asked.filter((query) => query === 'transaction')).toHaveLength(1);
    expect(await storage.store.sessions.find(session.uuid)).toMatchObject({
      session: { expiresAt: new Date(clock().getTime() + 14 * day) },
    });

    for (let week = 0; week < 10; week += 1) {
      clock.advance(7 * day);
      expect(await logins.sessions.checkCookie(secret)).toMatchObject({ userId: user.id });
    }
    clock.advance(14 * day);
    await expect(logins.sessions.checkCookie(secret)).rejects.toThrow(refused('session-ended'));
  });

  test('ends when it is closed', async () => {
    const { secret } = await logins.sessions.openCookie(user);
    await logins.sessions.close(await logins.sessions.checkCookie(secret));
    await expect(logins.sessions.checkCookie(secret)).rejects.toThrow(refused('session-ended'));
  });

  test.each(['', 'x', 'x'.repeat(43), 'x'.repeat(100_000), '\0'.repeat(43), "' or 1=1 --"])(
    'is not spoken for by %j',
    async (secret) => {
      await expect(logins.sessions.checkCookie(secret)).rejects.toThrow(refused('session-ended'));
    },
  );
});

describe('closing all logins', () => {
  test.each([
    [true, 'but the own', 1],
    [false, 'with the own', 0],
  ])('keepOwn %j ends all of the user %s, and nobody else’s', async (keepOwn, _, left) => {
    const tokens: string[] = [];
    for (let count = 0; count < 3; count += 1)
      tokens.push((await logins.sessions.openAccess(user)).accessToken);
    const someone = await registerSomeone(logins);
    const stranger = await logins.sessions.openAccess(someone.user);
    const [own] = await Promise.all(tokens.map((token) => logins.sessions.checkToken(token)));
    if (!own) throw new Error('no login');

    await logins.sessions.closeAll(own, { keepOwn });

    const checks = await Promise.allSettled(tokens.map((token) => logins.sessions.checkToken(token)));
    expect(checks.filter(({ status }) => status === 'fulfilled')).toHaveLength(left);
    expect(checks[0]?.status).toBe(keepOwn ? 'fulfilled' : 'rejected');
    expect(await logins.sessions.checkToken(stranger.accessToken)).toMatchObject({ userId: someone.user.id });
  });
});

describe('opening a login', () => {
  test('of a user who was disabled since, or is gone, is refused', async () => {
    await storage.store.users.update(user.id, { disabledAt: clock() }, clock());
    const nobody = { ...user, id: 1_000_000 as UserId };
    for (const open of ['openAccess', 'openCookie', 'openPair'] as const) {
      await expect(logins.sessions[open](user)).rejects.toThrow(refused('user-disabled'));
      await expect(logins.sessions[open](nobody)).rejects.toThrow(refused('session-ended'));
    }
  });

  test.each(['openAccess', 'openCookie', 'openPair'] as const)(
    'is refused (%s) when the password was changed after it was checked',
    async (open) => {
      const { user: someone, login } = await registerSomeone(logins);
      const checked = await logins.users.authenticate({ login, password: 'password' });
      clock.advance(1);
      await logins.users.resetPassword(someone.id, 'another');
      await expect(logins.sessions[open](checked)).rejects.toThrow(refused('credentials-wrong'));
      const again = await logins.users.authenticate({ login, password: 'another' });
      expect((await logins.sessions[open](again)).session).toMatchObject({ userId: someone.id });
    },
  );

  test('ends the oldest one where a user has too many, and nobody else’s', async () => {
    const stranger = await logins.sessions.openAccess((await registerSomeone(logins)).user);
    const oldest = await logins.sessions.openCookie(user);
    const second = await logins.sessions.openCookie(user);
    await logins.sessions.close(await logins.sessions.checkCookie(second.secret));
    const third = await logins.sessions.openCookie(user);
    // One of them has ended: it does not count.
    for (let count = 2; count < mostLogins; count += 1) await logins.sessions.openCookie(user);
    const { sessionId } = await logins.sessions.checkCookie(oldest.secret);
    const ends: string[] = [];
    logins.sessions.onEnd(sessionId, () => ends.push('oldest'));

    const newest = await logins.sessions.openAccess(user);
    expect(ends).toEqual(['oldest']);
    await expect(logins.sessions.checkCookie(oldest.secret)).rejects.toThrow(refused('session-ended'));
    expect(await logins.sessions.checkCookie(third.secret)).toMatchObject({ userId: user.id });
    expect(await logins.sessions.checkToken(newest.accessToken)).toMatchObject({ userId: user.id });
    expect(await logins.sessions.checkToken(stranger.accessToken)).toMatchObject({
      userId: stranger.session.userId,
    });
  });
});
