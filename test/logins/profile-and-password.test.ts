import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserId } from '../../src/core/users/user.ts';
import { createLogins, playClock, refused, registerSomeone, signIn, type Logins } from '../support/logins.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

let storage: TempStorage;
let logins: Logins;
const clock = playClock();

beforeAll(async () => {
  storage = await openTempStorage();
  logins = createLogins({ store: storage.store, clock });
});
afterAll(() => storage.dispose());

describe('the profile', () => {
  test('changes where something is given, and is found by its new names only', async () => {
    const { user: before, login } = await registerSomeone(logins);
    const actor = await signIn(logins, before);
    clock.advance(1000);
    const names = { username: 'Cleo', email: 'cleo@example.com', firstName: 'Cleo' };
    const after = await logins.users.update(actor, { ...names, username: ' Cleo ' });
    expect(after).toEqual({ ...before, ...names, updatedAt: clock() });
    expect(await logins.users.get(actor)).toEqual(after);
    expect(await logins.users.lookUp('CLEO')).toEqual(after);
    await expect(logins.users.lookUp(login)).rejects.toThrow(refused('user-not-found'));
    expect(await logins.users.update(actor, { firstName: null })).toMatchObject({
      ...names,
      firstName: null,
    });
    expect(await logins.users.update(actor, {})).toMatchObject({ ...names, firstName: null });
  });

  test('may respell its own name but not take another', async () => {
    const one = await logins.users.register({
      username: 'dora',
      email: 'dora@example.com',
      password: 'password',
    });
    const two = await registerSomeone(logins);
    const actor = await signIn(logins, one);
    expect(await logins.users.update(actor, { username: 'DORA' })).toMatchObject({ username: 'DORA' });
    for (const [who, patch, code] of [
      [actor, { username: two.login.toUpperCase() }, 'username-taken'],
      [await signIn(logins, two.user), { email: 'DORA@example.com' }, 'email-taken'],
      [actor, { email: 'dora' }, 'email-invalid'],
      [actor, { username: 'a@b' }, 'username-invalid'],
    ] as const) {
      await expect(logins.users.update(who, patch)).rejects.toThrow(refused(code));
    }
    expect(await logins.users.get(actor)).toMatchObject({ username: 'DORA', email: 'dora@example.com' });
  });

  test('of a user who is gone is a login that has ended', async () => {
    const { user } = await registerSomeone(logins);
    const actor = { ...(await signIn(logins, user)), userId: 1_000_000 as UserId };
    for (const attempt of [
      () => logins.users.get(actor),
      () => logins.users.update(actor, { firstName: 'x' }),
      () => logins.users.changePassword(actor, { current: 'password', next: 'x' }),
    ]) {
      await expect(attempt()).rejects.toThrow(refused('session-ended'));
    }
  });
});

describe('changing the password', () => {
  test('ends every other login and keeps the one that did it', async () => {
    const { user, login } = await registerSomeone(logins);
    const own = await signIn(logins, user);
    const other = await signIn(logins, user);
    const pair = await logins.sessions.openPair(user);
    const { secret } = await logins.sessions.openCookie(user);
    const stranger = await signIn(logins, (await registerSomeone(logins)).user);
    await logins.sessions.checkToken(pair.accessToken);
    await logins.sessions.checkCookie(secret);

    await logins.users.changePassword(own, { current: 'password', next: 'better' });

    for (const check of [
      () => logins.sessions.checkToken(other.token),
      () => logins.sessions.checkToken(pair.accessToken),
      () => logins.sessions.refresh(pair.refreshToken),
      () => logins.sessions.checkCookie(secret),
    ]) {
      await expect(check()).rejects.toThrow(refused('session-ended'));
    }
    expect(await logins.sessions.checkToken(own.token)).toMatchObject({ userId: user.id });
    expect(await logins.sessions.checkToken(stranger.token)).toMatchObject({ userId: stranger.userId });
    await expect(logins.users.authenticate({ login, password: 'password' })).rejects.toThrow(
      refused('credentials-wrong'),
    );
    expect(await logins.users.authenticate({ login, password: 'better' })).toMatchObject({ id: user.id });
  });

  test('needs the current password and a possible new one, or changes nothing', async () => {
    const { user, login } = await registerSomeone(logins);
    const own = await signIn(logins, user);
    const other = await signIn(logins, user);
    for (const [current, next, code] of [
      ['guess', 'better', 'credentials-wrong'],
      ['', 'better', 'credentials-wrong'],
      ['password', '', 'password-invalid'],
      ['password', '\ud800', 'password-invalid'],
    ] as const) {
      await expect(logins.users.changePassword(own, { current, next })).rejects.toThrow(refused(code));
    }
    expect(await logins.sessions.checkToken(other.token)).toMatchObject({ userId: user.id });
    expect(await logins.users.authenticate({ login, password: 'password' })).toEqual(user);
  });

  test('happens once when two change it at the same time', async () => {
    const { user, login } = await registerSomeone(logins);
    const own = await signIn(logins, user);
    const outcomes = await Promise.allSettled(
      ['one', 'two'].map((next) => logins.users.changePassword(own, { current: 'password', next })),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const password = outcomes[0]?.status === 'fulfilled' ? 'one' : 'two';
    expect(await logins.users.authenticate({ login, password })).toMatchObject({ id: user.id });
  });
});
