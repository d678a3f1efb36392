import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore, type RunningCore } from '../../src/core/create-core.ts';
import type { CoreDependencies } from '../../src/core/dependencies.ts';
import { onlyModel } from '../../src/core/models.ts';
import type { Provider } from '../../src/core/provider.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Actor, Log } from '../../src/core/ports.ts';
import type { Store } from '../../src/core/store.ts';
import { cheapPasswords } from './cheap-passwords.ts';
import { createTokenSigner } from '../../src/credentials/token-signer.ts';
import { readPictureIn } from '../../src/files/picture/read-picture.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { createPlayedAi, type PlayedAi } from './played-ai.ts';
import { openTempStorage } from './temp-storage.ts';

const hourMs = 3_600_000;
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export type TempCore = RunningCore & {
  ai: PlayedAi;
  store: Store;
  /** A new user, with a login. */
  newActor(): Promise<Actor>;
  dispose(): Promise<void>;
};

/** What a test sets otherwise; `provider`: another AI than the played one. */
type Overrides = Partial<CoreDependencies> & { provider?: Provider };

/** A core on a database of its own, with a played AI. Not started: a test that needs the reaper starts it. */
export async function openTempCore(overrides: Overrides = {}): Promise<TempCore> {
  const storage = await openTempStorage();
  const files = openFiles(join(storage.folder, 'files'));
  const core = createTempCore(storage.store, { files, ...overrides });
  return {
    ...core,
    store: storage.store,
    async dispose() {
      await core.stop(0);
      await storage.dispose();
    },
  };
}

/** A core, as one process of several on the same database would have it. */
export function createTempCore(store: Store, { provider, ...overrides }: Overrides = {}) {
  const clock = () => new Date();
  const ai = createPlayedAi();
  const running = createCore({
    store,
    models: onlyModel(provider ?? ai),
    files: openFiles(join(tmpdir(), `parlance-files-${randomUUID()}`)),
    pictures: { read: (bytes) => readPictureIn(Buffer.from(bytes)) },
    fanout: createFanout({ log: silentLog }),
    passwords: cheapPasswords(),
    tokens: createTokenSigner({ secret: 'a secret of at least thirty-two bytes', clock }),
    clock,
    log: silentLog,
    limits: defaultLimits,
    lifetimes: {
      accessLifetimeMs: hourMs,
      pairAccessLifetimeMs: hourMs,
      refreshLifetimeMs: hourMs,
      cookieLifetimeMs: hourMs,
    },
    prompt: { system: 'Be kind.', historyTurns: 20, historyTokens: 1_000 },
    leaseMs: 400,
    ...overrides,
  });
  let users = 0;
  const newActor = async (): Promise<Actor> => {
    users += 1;
    const username = `user${users}-${process.hrtime.bigint()}`;
    const user = await running.core.users.register({ username, password: 'correct horse' });
    const { session } = await running.core.sessions.openAccess(user);
    return { userId: user.id, sessionId: session.id };
  };
  return { ...running, ai, newActor };
}
