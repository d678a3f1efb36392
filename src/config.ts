import { resolve } from 'node:path';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ConfigError } from './config/config-error.ts';
import { type Database, databaseOf } from './config/database-settings.ts';
import type { ValuesOf } from './config/define-setting.ts';
import { keepSecret } from './config/keep-secret.ts';
import { modelSettings } from './config/model-settings.ts';
import { noticesOf } from './config/notices-of.ts';
import { parseSettings } from './config/parse-settings.ts';
import type { Environment } from './config/parse-settings.ts';
import type { Listener } from './config/listeners.ts';
import { readEnvFile } from './config/read-env-file.ts';
import { settings } from './config/settings.ts';
import type { PromptSettings } from './core/dependencies.ts';
import type { Limits, Rate } from './core/limits.ts';
import type { BucketSettings } from './files/s3/bucket.ts';
import type { ModelSettings } from './providers/create-models.ts';
import type { ProviderName } from './providers/index.ts';
import type { RedisSettings } from './redis/open-redis.ts';
import type { VoiceSettings } from './voice/create-voice.ts';

type Values = ValuesOf<typeof settings>;

/** Everything an operator decides, checked and typed. Paths are absolute. */
export type Config = Pick<
  Values,
  'host' | 'port' | 'dataDir' | 'logFormat' | 'logLevel' | 'rateLimits' | 'shutdownGraceMs' | 'trustProxy'
> & {
  /** Whether only this machine can reach the server. */
  isLoopback: boolean;
  database: Database;
  /** Origins that the operator allows, as browsers send them. */
  corsOrigins: readonly string[];
  /** The ports to open, one at least, and the dialects of each, in the order of the list of those that exist. */
  listeners: readonly Listener[];
  /** The dialects of all ports. */
  dialects: readonly string[];
  /** Undefined where the process is alone. */
  redis: RedisSettings | undefined;
  models: ModelSettings;
  /** Undefined: nothing hears or speaks. */
  voice: (VoiceSettings & { concurrency: number }) | undefined;
  prompt: PromptSettings;
  /** How pages present the assistant. */
  branding: Record<'assistantName' | 'pageTitle' | 'primaryColor' | 'secondaryColor' | 'accentColor', string>;
  limits: Pick<
    Limits,
    | 'waitingRepliesPerChat'
    | 'openRepliesPerUser'
    | 'attachmentBytes'
    | 'attachmentBytesPerUser'
    | 'imagePixels'
    | 'tokensPerDay'
    | 'repliesPerDay'
  >;
  /** What counts while `rateLimits` is on. */
  rates: Record<'sign-in' | 'register' | 'send' | 'write' | 'guesses', Rate> & { localFactor: number };
  /** Where uploads are kept; undefined: in the data folder. */
  bucket: BucketSettings | undefined;
  /** Undefined: `jwtSecretOf` makes one. */
  jwtSecretKey: string | undefined;
  accessLifetimeMs: number;
  replyLeaseMs: number;
  /** Sentences for the operator about what was given and is not used. */
  notices: readonly string[];
};

/** What exists to choose from: the names in the lists of dialects and providers. */
export type Choices = { dialects: readonly string[]; providers: readonly ProviderName[] };

/**
 * The process's environment, and the `.env` file of its folder, over which it wins. The only reader of both.
 * @throws ConfigError for a file that cannot be read
 */
export function readEnvironment(): { environment: Environment; file: Environment } {
  return { environment: process.env, file: readEnvFile('.env') };
}

/** Checks every setting; touches no file. @throws ConfigError, one line, for the first bad one */
export function readConfig(sources: readonly Environment[], choices: Choices): Config {
  const values = parseSettings(settings, sources);
  const isLoopback = isLoopbackHost(values.host);
  if (!values.rateLimits && !isLoopback)
    throw new ConfigError(
      `RATE_LIMITS can be off only when HOST is a loopback address, but HOST is "${values.host}".`,
    );
  const dataDir = resolve(values.dataDir);
  const listeners = listenersOf(values, choices.dialects);
  return {
    host: values.host,
    port: values.port,
    isLoopback,
    dataDir,
    database: databaseOf(values, { sources, dataDir }),
    corsOrigins: [...new Set([...(values.corsOrigins ?? []), ...(values.frontendUrl ?? [])])],
    trustProxy: values.trustProxy,
    listeners,
    dialects: choices.dialects.filter((name) => listeners.some((one) => one.dialects.includes(name))),
    redis: redisSettings(values),
    models: modelSettings(values, choices.providers),
    voice: voiceSettingsOf(values),
    prompt: {
      system: values.systemPrompt,
      historyTurns: values.historyTurns,
      historyTokens: values.historyTokens,
      summarises: values.history === 'summarise',
      namesChats: values.titles,
      ...(values.contextTokens === undefined ? {} : { contextTokens: values.contextTokens }),
      ...(values.maxOutputTokens === undefined ? {} : { maxOutputTokens: values.maxOutputTokens }),
    },
    branding: {
      assistantName: values.brandAssistantName,
      pageTitle: values.brandPageTitle,
      primaryColor: values.brandPrimaryColor,
      secondaryColor: values.brandSecondaryColor,
      accentColor: values.brandAccentColor,
    },
    limits: {
      waitingRepliesPerChat: values.maxWaitingRepliesPerChat,
      openRepliesPerUser: values.maxOpenRepliesPerUser,
      attachmentBytes: values.uploadMaxBytes,
      attachmentBytesPerUser: values.uploadQuotaBytes,
      imagePixels: values.uploadMaxPixels,
      tokensPerDay: values.dailyTokensPerUser ?? null,
      repliesPerDay: values.dailyRepliesPerUser ?? null,
    },
    rates: {
      'sign-in': values.rateLimitSignIn,
      register: values.rateLimitRegister,
      send: values.rateLimitSend,
      write: values.rateLimitWrite,
      guesses: values.rateLimitGuesses,
      localFactor: values.rateLimitLocalFactor,
    },
    jwtSecretKey: values.jwtSecretKey,
    accessLifetimeMs: values.accessTokenExpiresSeconds * 1_000,
    logLevel: values.logLevel,
    logFormat: values.logFormat,
    rateLimits: values.rateLimits,
    bucket: bucketOf(values),
    replyLeaseMs: values.replyLeaseMs,
    shutdownGraceMs: values.shutdownGraceMs,
    notices: noticesOf(sources),
  };
}

/** What access tokens are signed with; made and kept in the data folder where none was given. @throws ConfigError */
export function jwtSecretOf(config: Pick<Config, 'jwtSecretKey' | 'dataDir'>): string {
  return config.jwtSecretKey ?? keepSecret(config.dataDir, 'jwt-secret-key');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopbackHost(host: string): boolean {
  if (isIPv4(host)) return loopback.check(host, 'ipv4');
  if (isIPv6(host)) return loopback.check(host, 'ipv6');
  return host.toLowerCase() === 'localhost';
}

function listenersOf({ listen, port, dialects }: Values, known: readonly string[]): readonly Listener[] {
  if (listen === undefined) return [{ port, dialects: chosenDialects('DIALECTS', dialects, known) }];
  return listen.map((one) => ({ ...one, dialects: chosenDialects('LISTEN', one.dialects, known) }));
}

function chosenDialects(
  setting: string,
  wanted: readonly string[],
  known: readonly string[],
): readonly string[] {
  if (wanted.length === 1 && wanted[0] === 'all') return known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`${setting} names "${unknown}", but must be all or some of ${known.join(', ')}.`);
  return known.filter((name) => wanted.includes(name));
}

function redisSettings({ redisUrl, redisPrefix, jwtSecretKey }: Values): RedisSettings | undefined {
  if (redisUrl === undefined) return undefined;
  if (jwtSecretKey === undefined)
    throw new ConfigError(
      'JWT_SECRET_KEY must be given where REDIS_URL is, so that every process knows the logins of the others.',
    );
  return { url: redisUrl, prefix: redisPrefix };
}

function voiceSettingsOf(values: Values): Config['voice'] {
  const { voiceBaseUrl: baseUrl } = values;
  if (baseUrl === undefined) return undefined;
  // A key goes to the server that it was given for, and to no other.
  const isSameServer = new URL(baseUrl).origin === new URL(values.baseUrl).origin;
  const apiKey = values.voiceApiKey ?? (isSameServer ? values.apiKey : undefined);
  if (apiKey === undefined && isOpenAi(baseUrl))
    throw new ConfigError('VOICE_API_KEY must be given, or VOICE_BASE_URL name a server that needs no key.');
  return {
    baseUrl,
    apiKey: apiKey ?? '',
    transcriptionModel: chosenModel(values.voiceTranscriptionModel),
    speechModel: chosenModel(values.voiceSpeechModel),
    speechVoice: values.voiceSpeechVoice,
    concurrency: values.voiceConcurrency,
    firstTokenTimeoutMs: values.firstTokenTimeoutMs,
    idleTimeoutMs: values.idleTimeoutMs,
  };
}

const chosenModel = (model: string) => (model.toLowerCase() === 'none' ? undefined : model);

const isOpenAi = (baseUrl: string) => new URL(baseUrl).hostname === 'api.openai.com';

function bucketOf(values: Values): BucketSettings | undefined {
  const { bucketUrl: url, bucketRegion: region, bucketKeyId, bucketSecret } = values;
  if (url === undefined) return undefined;
  if (bucketKeyId === undefined || bucketSecret === undefined)
    throw new ConfigError('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be given with S3_URL.');
  return { url, region, accessKeyId: bucketKeyId, secretAccessKey: bucketSecret };
}
