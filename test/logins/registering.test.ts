import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogins, playClock, refused, type Logins } from '../support/logins.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

let storage: TempStorage;
let logins: Logins;
const clock = playClock();

beforeAll(async () => {
  storage = await openTempStorage();
  logins = createLogins({ store: storage.store, clock });
});
afterAll(() => storage.dispose());

describe('registering', () => {
  test('stores who was given, and only a hash of the password', async () => {
    const user = await logins.users.register({
      username: ' Ann ',
      email: 'Ann@Example.com',
      firstName: 'Ann',
      password: 'correct horse',
    });
    expect(user).toMatchObject({
      username: 'Ann',
      email: 'Ann@Example.com',
      firstName: 'Ann',
      role: 'user',
      disabledAt: null,
      createdAt: clock(),
    });
    expect(await logins.users.lookUp('ann')).toEqual(user);
    expect(await storage.store.users.passwordHash(user.id)).toMatch(/^\$argon2id\$/);
  });

  test.each([
    [{}, 'fields-missing'],
    [{ username: '' }, 'username-invalid'],
    [{ username: 'a@b.co' }, 'username-invalid'],
    [{ username: 'x\0' }, 'username-invalid'],
    [{ email: 'nobody' }, 'email-invalid'],
    [{ username: 'fine', firstName: 'x\0' }, 'field-invalid'],
    [{ username: 'fine', password: '' }, 'password-invalid'],
    [{ username: 'fine', password: 'x'.repeat(1025) }, 'password-invalid'],
  ] as const)('%j is refused: %s', async (input, code) => {
    await expect(logins.users.register({ password: 'password', ...input })).rejects.toThrow(refused(code));
    await expect(logins.users.lookUp('fine')).rejects.toThrow(refused('user-not-found'));
  });

  test('a name that differs from another in case, width or composition only is taken', async () => {
    await logins.users.register({ username: 'Zoé', email: 'zoe@example.com', password: 'password' });
    for (const username of ['ZOÉ', 'zoe\u0301', ' ｚｏé']) {
      await expect(logins.users.register({ username, password: 'password' })).rejects.toThrow(
        refused('username-taken'),
      );
    }
    await expect(logins.users.register({ email: 'ZOE@EXAMPLE.COM', password: 'password' })).rejects.toThrow(
      refused('email-taken'),
    );
    expect(await logins.users.register({ username: 'zoe', password: 'password' })).toMatchObject({
      username: 'zoe',
    });
  });

  test('of twenty at once with one name, one is registered', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => logins.users.register({ username: 'rush', password: 'password' })),
    );
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(rejected.map(({ reason }) => reason.code)).toEqual(Array(19).fill('username-taken'));
  });
});
