import { isAbsolute, join, resolve } from 'node:path';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ConfigError } from './config/config-error.ts';
import type { ValuesOf } from './config/define-setting.ts';
import { keepSecret } from './config/keep-secret.ts';
import { parseSettings } from './config/parse-settings.ts';
import type { Environment } from './config/parse-settings.ts';
import type { Listener } from './config/listeners.ts';
import { readEnvFile } from './config/read-env-file.ts';
import { settings } from './config/settings.ts';
import type { PromptSettings } from './core/dependencies.ts';
import type { Limits, Rate } from './core/limits.ts';
import type { ProviderSettings } from './providers/define-provider.ts';
import type { ProviderName } from './providers/index.ts';

type Values = ValuesOf<typeof settings>;

/** Everything an operator decides, checked and typed. Paths are absolute. */
export type Config = Pick<
  Values,
  'host' | 'port' | 'dataDir' | 'logLevel' | 'rateLimits' | 'shutdownGraceMs' | 'trustProxy'
> & {
  /** Whether only this machine can reach the server. */
  isLoopback: boolean;
  database: { engine: 'sqlite'; file: string };
  /** Origins that the operator allows, as browsers send them. */
  corsOrigins: readonly string[];
  /** The ports to open, one at least, and the dialects of each, in the order of the list of those that exist. */
  listeners: readonly Listener[];
  /** The dialects of all ports. */
  dialects: readonly string[];
  provider: ProviderSettings;
  prompt: PromptSettings;
  /** How pages present the assistant. */
  branding: Record<'assistantName' | 'pageTitle' | 'primaryColor' | 'secondaryColor' | 'accentColor', string>;
  limits: Pick<Limits, 'waitingRepliesPerChat' | 'openRepliesPerUser' | 'attachmentBytes'>;
  /** What counts while `rateLimits` is on. */
  rates: Record<'sign-in' | 'register' | 'send' | 'guesses', Rate> & { localFactor: number };
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
 * The process's environment over the `.env` file of its folder. The only reader of both.
 * @throws ConfigError for a file that cannot be read
 */
export function readEnvironment(): readonly Environment[] {
  return [process.env, readEnvFile('.env')];
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
    database: { ...values.database, file: within(dataDir, values.database.file) },
    corsOrigins: [...new Set([...(values.corsOrigins ?? []), ...(values.frontendUrl ?? [])])],
    trustProxy: values.trustProxy,
    listeners,
    dialects: choices.dialects.filter((name) => listeners.some((one) => one.dialects.includes(name))),
    provider: providerSettings(values, choices.providers),
    prompt: {
      system: values.systemPrompt,
      historyTurns: values.historyTurns,
      historyTokens: values.historyTokens,
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
    },
    rates: {
      'sign-in': values.rateLimitSignIn,
      register: values.rateLimitRegister,
      send: values.rateLimitSend,
      guesses: values.rateLimitGuesses,
      localFactor: values.rateLimitLocalFactor,
    },
    jwtSecretKey: values.jwtSecretKey,
    accessLifetimeMs: values.accessTokenExpiresSeconds * 1_000,
    logLevel: values.logLevel,
    rateLimits: values.rateLimits,
    replyLeaseMs: values.replyLeaseMs,
    shutdownGraceMs: values.shutdownGraceMs,
    notices: noticesOf(sources),
  };
}

/** What access tokens are signed with; made and kept in the data folder where none was given. @throws ConfigError */
export function jwtSecretOf(config: Pick<Config, 'jwtSecretKey' | 'dataDir'>): string {
  return config.jwtSecretKey ?? keepSecret(config.dataDir, 'jwt-secret-key');
}

const within = (folder: string, file: string) => (isAbsolute(file) ? file : join(folder, file));

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

function providerSettings(values: Values, known: readonly ProviderName[]): ProviderSettings {
  const provider = known.find((name) => name === values.provider);
  if (provider === undefined)
    throw new ConfigError(`AI_PROVIDER is "${values.provider}", but must be one of ${known.join(', ')}.`);
  if (provider === 'openai' && values.model === undefined)
    throw new ConfigError(`AI_MODEL must name the model when AI_PROVIDER is ${provider}.`);
  if (provider === 'openai' && values.apiKey === undefined && isOpenAi(values.baseUrl))
    throw new ConfigError(
      'OPENAI_API_KEY must be given, or OPENAI_BASE_URL name a server that needs no key.',
    );
  if (values.grpcCaFile !== undefined && !values.grpcTls)
    throw new ConfigError('GRPC_AI_BACKEND_CA_FILE has no use while GRPC_AI_BACKEND_TLS is off.');
  return {
    provider,
    model: values.model ?? '',
    baseUrl: values.baseUrl,
    apiKey: values.apiKey ?? '',
    firstTokenTimeoutMs: values.firstTokenTimeoutMs,
    idleTimeoutMs: values.idleTimeoutMs,
    retries: values.retries,
    maxOutputTokens: values.maxOutputTokens,
    temperature: values.temperature,
    seesImages: values.seesImages,
    basicWordDelayMs: values.basicWordDelayMs,
    seed: values.seed,
    grpc: {
      host: values.grpcHost,
      port: values.grpcPort,
      tls: values.grpcTls,
      caFile: values.grpcCaFile ?? '',
    },
  };
}

const isOpenAi = (baseUrl: string) => new URL(baseUrl).hostname === 'api.openai.com';

/** Names from the documentation of the backends that this server replaces, which would otherwise vanish without a word. */
const unusedNames = ['MYSQL_HOST', 'MYSQL_DATABASE', 'REDIS_URL', 'ANTHROPIC_API_KEY', 'SMTP_URL'];

function noticesOf(sources: readonly Environment[]): string[] {
  return unusedNames
    .filter((name) => sources.some((source) => (source[name] ?? '') !== ''))
    .map((name) => `${name} is set, but this version does not use it.`);
}
