import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import { onlyModel } from '../../src/core/models.ts';
import { createUsers } from '../../src/core/users/users.ts';
import type { Actor, PasswordHasher } from '../../src/core/ports.ts';
import type { Store } from '../../src/core/store.ts';
import { createSessions } from '../../src/core/sessions/sessions.ts';
import type { User } from '../../src/core/users/user.ts';
import { cheapPasswords } from './cheap-passwords.ts';
import { createTokenSigner } from '../../src/credentials/token-signer.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { createPlayedAi } from './played-ai.ts';
import { createRecordingLog } from './recording-log.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** A clock that stands still until it is moved. */
export type PlayedClock = { (): Date; advance(ms: number): void };

export function playClock(start = new Date('2026-03-01T12:00:00Z')): PlayedClock {
  let now = start.getTime();
  return Object.assign(() => new Date(now), { advance: (ms: number) => void (now += ms) });
}

export type LoginsOptions = { store: Store; clock: PlayedClock; passwords?: PasswordHasher };

/** Users and sessions over a store as one process has them: with its own cache, fan-out and log. */
export function createLogins({ store, clock, passwords }: LoginsOptions) {
  const log = createRecordingLog();
  const fanout = createFanout({ log });
  const tokens = createTokenSigner({ secret: 'a secret of the tests, longer than thirty-two bytes', clock });
  const lifetimes = {
    accessLifetimeMs: 30 * day,
    pairAccessLifetimeMs: day,
    refreshLifetimeMs: 30 * day,
    cookieLifetimeMs: 14 * day,
  };
  const deps = {
    store,
    clock,
    fanout,
    tokens,
    log,
    files: openFiles(join(tmpdir(), 'parlance-no-files')),
    lifetimes,
    passwords: passwords ?? cheapPasswords(),
    models: onlyModel(createPlayedAi()),
    prompt: { system: '', historyTurns: 20, historyTokens: 1_000 },
  };
  const writers = { ofUser: () => [], discard: () => undefined };
  return { ...deps, users: createUsers({ ...deps, writers }), sessions: createSessions(deps) };
}

export type Logins = ReturnType<typeof createLogins>;

let people = 0;

/** A new user, the name to sign in with, and `password` for a password. */
export async function registerSomeone({
  users,
}: Pick<Logins, 'users'>): Promise<{ user: User; login: string }> {
  people += 1;
  const login = `person-${people}`;
  return { user: await users.register({ username: login, password: 'password' }), login };
}

/** A login of a user, as who asks with it. */
export async function signIn(
  { sessions }: Pick<Logins, 'sessions'>,
  user: User,
): Promise<Actor & { token: string }> {
  const { accessToken } = await sessions.openAccess(user);
  return { ...(await sessions.checkToken(accessToken)), token: accessToken };
}

/** For `toThrow`: a failure from the closed table. */
export const refused = (code: ErrorCode): unknown => expect.objectContaining({ name: 'DomainError', code });
