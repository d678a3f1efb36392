import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/core/sessions/session.ts';
import type { User } from '../../src/core/users/user.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import {
  createLogins,
  playClock,
  refused,
  registerSomeone,
  signIn,
  type Logins,
  type PlayedClock,
} from '../support/logins.ts';
import { withSessionTable } from '../support/session-table.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

const day = 24 * 60 * 60_000;
/** So that tests need not wait half a second. */
const pollMs = 5;

let storage: TempStorage;
/** The same database, as the command line or another node opens it. */
let elsewhere: Storage;
let clock: PlayedClock;
let server: Logins;
let operator: Logins;
let user: User;
let watch: { stop(): Promise<void> } | undefined;

beforeEach(async () => {
  storage = await openTempStorage();
  elsewhere = await openStorage({ url: storage.url });
  clock = playClock();
  server = createLogins({ store: storage.store, clock });
  operator = createLogins({ store: elsewhere, clock });
  ({ user } = await registerSomeone(server));
});
afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await elsewhere.close();
  await storage.dispose();
});

/** A process whose looks into the database can be counted, and fail while `isAway` says so. */
function createLooking(isAway: () => boolean = () => false) {
  const waiting = new Set<() => void>();
  const looking = createLogins({
    store: withSessionTable(storage.store, (real) => ({
      async endedSince(at) {
        for (const count of waiting) count();
        if (isAway()) throw new Error('the database is away');
        return real.endedSince(at);
      },
    })),
    clock,
  });
  /** Resolves after a look that began from now on is over, which is when the next but one begins. */
  const look = () =>
    new Promise<void>((resolve) => {
      let left = 2;
      const count = () => {
        left -= 1;
        if (left > 0) return;
        waiting.delete(count);
        resolve();
      };
      waiting.add(count);
    });
  return { ...looking, look };
}

const untilEnd = ({ sessions }: Logins, id: SessionId) =>
  new Promise<void>((resolve) => {
    sessions.onEnd(id, resolve);
  });

describe('a login that another process ends', () => {
  test.each([
    ['by disabling its user', () => operator.users.disable(user.id), 'user-disabled'],
    ['by resetting the password', () => operator.users.resetPassword(user.id, 'fresh'), 'session-ended'],
    [
      'by signing out',
      async (token: string) => operator.sessions.close(await operator.sessions.checkToken(token)),
      'session-ended',
    ],
  ] as const)('%s ends here with the next look', async (_, act, code) => {
    const { sessionId, token } = await signIn(server, user);
    const end = untilEnd(server, sessionId);
    watch = server.sessions.startWatch(pollMs);
    await act(token);
    await end;
    await expect(server.sessions.checkToken(token)).rejects.toThrow(refused(code));
  });

  test('ends for a cookie too, and other logins live on', async () => {
    const { secret } = await server.sessions.openCookie(user);
    const { sessionId } = await server.sessions.checkCookie(secret);
    const stranger = await signIn(server, (await registerSomeone(server)).user);
    let strangerEnded = 0;
    server.sessions.onEnd(stranger.sessionId, () => (strangerEnded += 1));
    const end = untilEnd(server, sessionId);
    watch = server.sessions.startWatch(pollMs);
    await operator.users.disable(user.id);
    await end;
    await expect(server.sessions.checkCookie(secret)).rejects.toThrow(refused('user-disabled'));
    expect(await server.sessions.checkToken(stranger.token)).toMatchObject({ userId: stranger.userId });
    expect(strangerEnded).toBe(0);
  });

  test('some seconds ago, by a clock that is behind, is noticed all the same', async () => {
    const looking = createLooking();
    const { sessionId, token } = await signIn(looking, user);
    const end = untilEnd(looking, sessionId);
    clock.advance(60_000);
    watch = looking.sessions.startWatch(pollMs);
    await looking.look();
    const at = new Date(clock().getTime() - 5000);
    await elsewhere.transaction(({ sessions }) => sessions.end(sessionId, at));
    await end;
    await expect(looking.sessions.checkToken(token)).rejects.toThrow(refused('session-ended'));
  });
});

describe('a login that this process ends', () => {
  test('is told to each listener once, at once, without a look', async () => {
    const { sessionId, ...actor } = await signIn(server, user);
    const heard: string[] = [];
    server.sessions.onEnd(sessionId, () => heard.push('one'));
    server.sessions.onEnd(sessionId, () => {
      throw new Error('broken listener');
    });
    const stop = server.sessions.onEnd(sessionId, () => heard.push('gone'));
    server.sessions.onEnd(sessionId, () => heard.push('two'));
    stop();
    await server.sessions.close({ ...actor, sessionId });
    expect(heard).toEqual(['one', 'two']);
    expect(server.log.lines).toMatchObject([
      { level: 'error', message: 'a listener to the end of a login failed' },
    ]);
    await server.sessions.close({ ...actor, sessionId });
    await operator.users.disable(user.id);
    expect(heard).toEqual(['one', 'two']);
  });

  test('before somebody listens is told to them all the same', async () => {
    const actor = await signIn(server, user);
    await server.sessions.close(actor);
    await expect(untilEnd(server, actor.sessionId)).resolves.toBeUndefined();
  });

  test('while its row is being read is not remembered as living', async () => {
    let passOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (passOn = resolve));
    let reading: () => void = () => undefined;
    const isReading = new Promise<void>((resolve) => (reading = resolve));
    const slow = createLogins({
      store: withSessionTable(storage.store, (real) => ({
        find: async (uuid) => {
          const found = await real.find(uuid);
          reading();
          await gate;
          return found;
        },
      })),
      clock,
    });
    const { session, accessToken } = await slow.sessions.openAccess(user);
    const check = slow.sessions.checkToken(accessToken);
    await isReading;
    await slow.sessions.close({ userId: user.id, sessionId: session.id });
    passOn();
    await check;
    await expect(slow.sessions.checkToken(accessToken)).rejects.toThrow(refused('session-ended'));
  });
});

describe('a login that expires', () => {
  test('is told to who listens', async () => {
    const { sessionId, token } = await signIn(server, user);
    const end = untilEnd(server, sessionId);
    clock.advance(30 * day);
    watch = server.sessions.startWatch(pollMs);
    await end;
    await expect(server.sessions.checkToken(token)).rejects.toThrow(refused('token-expired'));
  });

  test('is not told while another process prolongs it', async () => {
    const { secret } = await server.sessions.openCookie(user);
    const { sessionId } = await server.sessions.checkCookie(secret);
    let told = 0;
    server.sessions.onEnd(sessionId, () => (told += 1));
    clock.advance(10 * day);
    await operator.sessions.checkCookie(secret);
    clock.advance(10 * day);
    // Its end is behind that of a login that has ended for certain.
    const marker = await signIn(server, user);
    const end = untilEnd(server, marker.sessionId);
    await operator.sessions.close(marker);
    watch = server.sessions.startWatch(pollMs);
    await end;
    await watch.stop();
    expect(told).toBe(0);
    expect(await server.sessions.checkCookie(secret)).toMatchObject({ sessionId });
  });
});

test('a database that is away stops no look for good, and is logged once', async () => {
  let away = true;
  const looking = createLooking(() => away);
  const { sessionId, token } = await signIn(looking, user);
  const end = untilEnd(looking, sessionId);
  watch = looking.sessions.startWatch(pollMs);
  await looking.look();
  await operator.users.disable(user.id);
  // Much later, what ended meanwhile must still be found.
  clock.advance(600_000);
  await looking.look();
  away = false;
  await end;
  await expect(looking.sessions.checkToken(token)).rejects.toThrow(refused('user-disabled'));
  expect(looking.log.lines.map(({ message }) => message)).toEqual(['cannot look for ended logins']);
});
