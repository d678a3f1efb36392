import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UserId, UserUuid } from '../../src/core/users/user.ts';
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

test('an operator pages through users by id', async () => {
  const people = [];
  for (let count = 0; count < 3; count += 1) people.push((await registerSomeone(logins)).user);
  const before = (Number(people[0]?.id) - 1) as UserId;
  const page = await logins.users.list({ after: before, limit: 2 });
  expect(page).toEqual(people.slice(0, 2));
  expect(await logins.users.list({ after: page.at(-1)?.id ?? null, limit: 2 })).toEqual(people.slice(2));
});

test('an operator looks up by id, UUID, username and email', async () => {
  const user = await logins.users.register({
    username: 'Eve',
    email: 'eve@example.com',
    password: 'password',
  });
  for (const name of [
    String(user.id),
    user.uuid,
    user.uuid.toUpperCase(),
    'EVE',
    'Eve@example.com',
    ' eve ',
  ]) {
    expect(await logins.users.lookUp(name)).toEqual(user);
  }
  for (const name of [
    'nobody',
    '0',
    '-1',
    '1e3',
    '',
    '\0',
    '1000000',
    '0195513a-77aa-7000-8000-00000000002a',
  ]) {
    await expect(logins.users.lookUp(name)).rejects.toThrow(refused('user-not-found'));
  }
});

test("nobody comes between an operator and another user by a name that looks like that user's id", async () => {
  const { user } = await registerSomeone(logins);
  const liar = await logins.users.register({ username: String(user.id), password: 'password' });
  expect(await logins.users.lookUp(String(user.id))).toEqual(user);
  expect(await logins.users.lookUp(String(liar.id))).toEqual(liar);
  const number = await logins.users.register({ username: '99999', password: 'password' });
  expect(await logins.users.lookUp('99999')).toEqual(number);
});

test('disabling ends every login at once, and enabling brings none back', async () => {
  const { user } = await registerSomeone(logins);
  const stranger = await signIn(logins, (await registerSomeone(logins)).user);
  const { token } = await signIn(logins, user);
  const { refreshToken } = await logins.sessions.openPair(user);

  await logins.users.disable(user.uuid);
  await expect(logins.sessions.checkToken(token)).rejects.toThrow(refused('user-disabled'));
  await expect(logins.sessions.refresh(refreshToken)).rejects.toThrow(refused('session-ended'));
  await expect(logins.sessions.openAccess(user)).rejects.toThrow(refused('user-disabled'));
  expect(await logins.sessions.checkToken(stranger.token)).toMatchObject({ userId: stranger.userId });

  await logins.users.enable(user.id);
  await expect(logins.sessions.checkToken(token)).rejects.toThrow(refused('session-ended'));
  expect(await signIn(logins, user)).toMatchObject({ userId: user.id });
});

test('disabling twice keeps the first time', async () => {
  const { user } = await registerSomeone(logins);
  const disabledAt = clock();
  await logins.users.disable(user.id);
  clock.advance(1000);
  await logins.users.disable(user.id);
  expect(await logins.users.lookUp(String(user.id))).toMatchObject({ disabledAt });
});

test('resetting a password ends every login', async () => {
  const { user, login } = await registerSomeone(logins);
  const { token } = await signIn(logins, user);
  await expect(logins.users.resetPassword(user.id, '')).rejects.toThrow(refused('password-invalid'));
  expect(await logins.sessions.checkToken(token)).toMatchObject({ userId: user.id });
  await logins.users.resetPassword(user.id, 'fresh');
  await expect(logins.sessions.checkToken(token)).rejects.toThrow(refused('session-ended'));
  expect(await logins.users.authenticate({ login, password: 'fresh' })).toMatchObject({ id: user.id });
});

test('an operator cannot touch a user who does not exist', async () => {
  const nobody = '0195513a-77aa-7000-8000-00000000002a' as UserUuid;
  for (const attempt of [
    () => logins.users.disable(nobody),
    () => logins.users.enable(nobody),
    () => logins.users.resetPassword(nobody, 'fresh'),
  ]) {
    await expect(attempt()).rejects.toThrow(refused('user-not-found'));
  }
});
