import { type Config, jwtSecretOf } from './config.ts';
import { createCore, type RunningCore } from './core/create-core.ts';
import { defaultLimits } from './core/limits.ts';
import type { Counters, Fanout, Log, PasswordHasher } from './core/ports.ts';
import type { Store } from './core/store.ts';
import { createGuessLimits } from './core/users/guess-limits.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import { createTokenSigner } from './credentials/token-signer.ts';
import { createRemoteImages } from './egress/create-remote-images.ts';
import { createFiles } from './files/create-files.ts';
import { readPictureIn } from './files/picture/read-picture.ts';
import { createTextReader } from './files/text/create-text-reader.ts';
import type { Metrics } from './http/metrics.ts';
import { createModels, type WatchedModels } from './providers/create-models.ts';
import { createFanout } from './realtime/fan-out.ts';
import { openStorage } from './storage/open-storage.ts';
import { createVoice } from './voice/create-voice.ts';
import { guardVoice, type WatchedVoice } from './voice/guard-voice.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type OpenCore = {
  running: RunningCore;
  store: Store;
  models: WatchedModels;
  voice: WatchedVoice | undefined;
  close(): Promise<void>;
};
export type Surroundings = {
  log: Log;
  clock?: () => Date;
  fanout?: Fanout;
  counters?: Counters;
  passwords?: PasswordHasher;
  metrics?: Pick<Metrics, 'noteVoice'>;
};

/** The product without its HTTP side, on a migrated database. The command line works on it too. */
export async function openCore(config: Config, surroundings: Surroundings): Promise<OpenCore> {
  const { log, clock = () => new Date(), counters } = surroundings;
  const store = await openStorage({ ...config.database, log, clock });
  const models = createModels(config.models, { log });
  const files = createFiles(config);
  const remoteImages = createRemoteImages({ limitBytes: config.limits.attachmentBytes });
  const voice = config.voice && openVoice(config, config.voice, surroundings.metrics?.noteVoice);
  const running = createCore({
    store,
    models,
    ...(voice ? { voice } : {}),
    files,
    texts: createTextReader(),
    pictures: { read: (bytes) => readPictureIn(Buffer.from(bytes)) },
    remoteImages,
    fanout: surroundings.fanout ?? createFanout({ log }),
    passwords: surroundings.passwords ?? createPasswordHasher(),
    tokens: createTokenSigner({ secret: jwtSecretOf(config), clock }),
    clock,
    log,
    limits: { ...defaultLimits, ...config.limits },
    ...(counters ? { guesses: createGuessLimits(counters, config.rates.guesses) } : {}),
    lifetimes: {
      accessLifetimeMs: config.accessLifetimeMs,
      pairAccessLifetimeMs: dayMs,
      refreshLifetimeMs: 30 * dayMs,
      cookieLifetimeMs: 30 * dayMs,
    },
    prompt: config.prompt,
    leaseMs: config.replyLeaseMs,
  });
  const close = async () => {
    await models.close();
    await voice?.close();
    await files.close();
    await remoteImages.close();
    await store.close();
  };
  return { running, store, models, voice, close };
}

function openVoice(
  { models: { breaker, queue } }: Config,
  settings: NonNullable<Config['voice']>,
  ended: Metrics['noteVoice'] | undefined,
): WatchedVoice {
  const { concurrency } = settings;
  return guardVoice(createVoice(settings), { breaker, queue: { ...queue, concurrency }, ended });
}
