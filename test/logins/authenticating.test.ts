import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PasswordHasher } from '../../src/core/ports.ts';
import { createLogins, playClock, refused, registerSomeone, type Logins } from '../support/logins.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

let storage: TempStorage;
let logins: Logins;
const clock = playClock();

beforeAll(async () => {
  storage = await openTempStorage();
  logins = createLogins({ store: storage.store, clock });
});
afterAll(() => storage.dispose());

/** The same users, with something done beside the real hashing. */
const withPasswords = (changes: Partial<PasswordHasher>) =>
  createLogins({ store: storage.store, clock, passwords: { ...logins.passwords, ...changes } });

describe('authenticating', () => {
  test('finds by username and by email, however they are spelled', async () => {
    const user = await logins.users.register({
      username: 'Bea',
      email: 'bea@example.com',
      password: 'pass word',
    });
    for (const login of ['Bea', 'BEA', ' bea ', 'Bea@Example.com']) {
      expect(await logins.users.authenticate({ login, password: 'pass word' })).toEqual(user);
    }
  });

  test.each([
    ['a wrong password', 'guess'],
    ['the password in other case', 'PASSWORD'],
    ['the password with a space', 'password '],
    ['no password', ''],
    ['a password that is too long', 'x'.repeat(1_000_000)],
    ['half a character', '\ud800'],
  ])('refuses %s', async (_, password) => {
    const { login } = await registerSomeone(logins);
    await expect(logins.users.authenticate({ login, password })).rejects.toThrow(
      refused('credentials-wrong'),
    );
  });

  test.each(['nobody', 'nobody@example.com', '', '\0', '\ud800', 'x'.repeat(1_000_000), "' or 1=1 --", '%'])(
    'refuses a name that nobody has: %j',
    async (login) => {
      await expect(logins.users.authenticate({ login, password: 'password' })).rejects.toThrow(
        refused('credentials-wrong'),
      );
    },
  );

  test('does the same work for a name that nobody has as for a wrong password', async () => {
    const done: string[] = [];
    const watched = withPasswords({
      verify: async (stored, password) => {
        const result = await logins.passwords.verify(stored, password);
        done.push('verify');
        return result;
      },
      verifyNothing: async (password) => {
        await logins.passwords.verifyNothing(password);
        done.push('verify nothing');
      },
    });
    const someone = await registerSomeone(watched);
    for (const login of [someone.login, 'nobody', '\0']) {
      await expect(watched.users.authenticate({ login, password: 'guess' })).rejects.toThrow(
        refused('credentials-wrong'),
      );
    }
    expect(done).toEqual(['verify', 'verify nothing', 'verify nothing']);
  });

  test('tells who is disabled to those who know the password only', async () => {
    const { user, login } = await registerSomeone(logins);
    await logins.users.disable(user.id);
    await expect(logins.users.authenticate({ login, password: 'password' })).rejects.toThrow(
      refused('user-disabled'),
    );
    await expect(logins.users.authenticate({ login, password: 'guess' })).rejects.toThrow(
      refused('credentials-wrong'),
    );
    await logins.users.enable(user.id);
    expect(await logins.users.authenticate({ login, password: 'password' })).toMatchObject({ id: user.id });
  });

  test('does not accept a password that was changed while it was checked', async () => {
    const { user, login } = await registerSomeone(logins);
    const slow = withPasswords({
      verify: async (stored, password) => {
        const result = await logins.passwords.verify(stored, password);
        await logins.users.resetPassword(user.id, 'another');
        return result;
      },
    });
    await expect(slow.users.authenticate({ login, password: 'password' })).rejects.toThrow(
      refused('credentials-wrong'),
    );
    expect(await logins.users.authenticate({ login, password: 'another' })).toMatchObject({ id: user.id });
  });

  test('does not accept a user who was disabled while the password was checked', async () => {
    const { user, login } = await registerSomeone(logins);
    const slow = withPasswords({
      verify: async (stored, password) => {
        const result = await logins.passwords.verify(stored, password);
        await logins.users.disable(user.id);
        return result;
      },
    });
    await expect(slow.users.authenticate({ login, password: 'password' })).rejects.toThrow(
      refused('user-disabled'),
    );
  });
});

describe('an imported password', () => {
  const imported =
    'pbkdf2:sha256:1000$lfIzdVKLK9nnkThh$b21d904e5cb6f1588a5a815d784b0e5f1c50ef3185b66d4db707972eb433d5dc';
  const password = 'correct hörse ☂';

  const importSomeone = async () => {
    const someone = await registerSomeone(logins);
    await storage.store.users.update(someone.user.id, { passwordHash: imported }, clock());
    return someone;
  };

  test('is stored anew after its first sign-in, and goes on working', async () => {
    const own = createLogins({ store: storage.store, clock });
    const { user, login } = await importSomeone();
    clock.advance(1000);
    expect(await own.users.authenticate({ login, password })).toEqual(user);
    expect(await own.log.line('current form')).toMatchObject({ fields: { userId: user.id } });
    expect(await storage.store.users.passwordHash(user.id)).toMatch(/^\$argon2id\$/);
    expect(await own.users.authenticate({ login, password })).toEqual(user);
    await expect(own.users.authenticate({ login, password: 'correct horse' })).rejects.toThrow(
      refused('credentials-wrong'),
    );
  });

  test('keeps its form when it cannot be stored anew, and the sign-in succeeds', async () => {
    const own = withPasswords({ hash: () => Promise.reject(new Error('no memory')) });
    const { user, login } = await importSomeone();
    expect(await own.users.authenticate({ login, password })).toEqual(user);
    expect(await own.log.line('old form')).toMatchObject({ level: 'warn', fields: { userId: user.id } });
    expect(await storage.store.users.passwordHash(user.id)).toBe(imported);
  });

  test('does not come back over one that was set while it was stored anew', async () => {
    const { user, login } = await importSomeone();
    const own = withPasswords({
      hash: async (given) => {
        const hash = await logins.passwords.hash(given);
        await logins.users.resetPassword(user.id, 'another');
        setByReset = await storage.store.users.passwordHash(user.id);
        // Behind whatever the upgrade stores.
        setImmediate(() => own.log.info({}, 'reset'));
        return hash;
      },
    });
    let setByReset: string | undefined;
    await own.users.authenticate({ login, password });
    await own.log.line('reset');
    await storage.store.transaction(async () => undefined);
    expect(await storage.store.users.passwordHash(user.id)).toBe(setByReset);
    expect(own.log.lines.map(({ message }) => message)).toEqual(['reset']);
  });

  test('is not stored anew for a wrong guess', async () => {
    const { user, login } = await importSomeone();
    await expect(logins.users.authenticate({ login, password: 'guess' })).rejects.toThrow(
      refused('credentials-wrong'),
    );
    expect(await storage.store.users.passwordHash(user.id)).toBe(imported);
  });
});
