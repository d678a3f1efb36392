import { aiSettings } from './ai-settings.ts';
import { databaseSettings } from './database-settings.ts';
import { defineSetting } from './define-setting.ts';
import { listeners } from './listeners.ts';
import {
  color,
  hostname,
  list,
  matching,
  oneOf,
  origins,
  proxies,
  textUpTo,
  wholeNumber,
} from './parsers.ts';
import { redisUrl } from './redis-url.ts';
import { rateLimitSettings } from './rate-limit-settings.ts';
import { secretText } from './secret-text.ts';
import { uploadSettings } from './upload-settings.ts';
import { voiceSettings } from './voice-settings.ts';

const hourMs = 3_600_000;
const yearSeconds = 31_536_000;

/** Every setting, in the order of the documentation. `docs/configuration.md`, `README.md` and `.env.example` are checked against it. */
export const settings = {
  host: defineSetting({
    name: 'HOST',
    aliases: ['SERVER_HOST'],
    default: '127.0.0.1',
    parser: hostname,
    about: 'The address to listen on; 0.0.0.0 opens the server to the network.',
  }),
  port: defineSetting({
    name: 'PORT',
    aliases: ['SERVER_PORT'],
    default: '5000',
    parser: wholeNumber(0, 65_535),
    about: 'The port to listen on; 0 takes any free one.',
  }),
  listen: defineSetting({
    name: 'LISTEN',
    default: null,
    parser: listeners,
    about: 'Several ports with the chat APIs of each, instead of PORT and DIALECTS.',
  }),
  dataDir: defineSetting({
    name: 'DATA_DIR',
    default: './data',
    parser: textUpTo(1_000),
    about: 'The folder for the database, uploads and secrets; it is made when it is missing.',
  }),
  ...databaseSettings,
  redisUrl: defineSetting({
    name: 'REDIS_URL',
    default: null,
    secret: true,
    parser: redisUrl,
    about: 'The Redis over which several server processes on one database hear of each other.',
  }),
  redisPrefix: defineSetting({
    name: 'REDIS_PREFIX',
    default: 'parlance:',
    parser: matching(/^[\x21-\x7e]{1,100}$/, 'up to 100 visible ASCII characters without spaces'),
    about: 'What every key and channel in Redis begins with, so that installations can share one.',
  }),
  corsOrigins: defineSetting({
    name: 'CORS_ORIGINS',
    default: null,
    parser: origins,
    about: 'The web pages on other origins that may call the server with logins, between commas.',
  }),
  frontendUrl: defineSetting({
    name: 'FRONTEND_URL',
    default: null,
    parser: origins,
    about: 'One more such page; its origin is added to CORS_ORIGINS.',
  }),
  trustProxy: defineSetting({
    name: 'TRUST_PROXY',
    default: 'off',
    parser: proxies,
    about:
      "Whose X-Forwarded headers are believed: off, on (everybody's), or the proxies' addresses and subnets between commas.",
  }),
  dialects: defineSetting({
    name: 'DIALECTS',
    default: 'all',
    parser: list,
    about: 'The chat APIs to serve beside /api/v1, between commas.',
  }),
  brandAssistantName: defineSetting({
    name: 'BRAND_ASSISTANT_NAME',
    default: 'Amanda',
    parser: textUpTo(100),
    about: 'What pages that ask for the branding call the assistant.',
  }),
  brandPageTitle: defineSetting({
    name: 'BRAND_PAGE_TITLE',
    default: 'Amanda',
    parser: textUpTo(200),
    about: 'The title of such pages.',
  }),
  brandPrimaryColor: defineSetting({
    name: 'BRAND_PRIMARY_COLOR',
    default: '4f46e5',
    parser: color,
    about: 'The main colour of such pages, in six hexadecimal digits.',
  }),
  brandSecondaryColor: defineSetting({
    name: 'BRAND_SECONDARY_COLOR',
    default: '1f2937',
    parser: color,
    about: 'Their second colour.',
  }),
  brandAccentColor: defineSetting({
    name: 'BRAND_ACCENT_COLOR',
    default: '10b981',
    parser: color,
    about: 'The colour of what stands out on them.',
  }),
  ...aiSettings,
  ...voiceSettings,
  jwtSecretKey: defineSetting({
    name: 'JWT_SECRET_KEY',
    aliases: ['SECRET_KEY'],
    default: null,
    secret: true,
    parser: secretText,
    about:
      'What access tokens are signed with, at least 32 bytes; without it one is made and kept in DATA_DIR.',
  }),
  accessTokenExpiresSeconds: defineSetting({
    name: 'JWT_ACCESS_TOKEN_EXPIRES',
    default: '2592000',
    parser: wholeNumber(1, 10 * yearSeconds),
    about: 'How long a login with a single access token lasts, in seconds (30 days).',
  }),
  logLevel: defineSetting({
    name: 'LOG_LEVEL',
    default: 'info',
    parser: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    about: 'How much is logged: fatal, error, warn, info, debug, trace or silent.',
  }),
  logFormat: defineSetting({
    name: 'LOG_FORMAT',
    default: 'auto',
    parser: oneOf(['auto', 'json', 'text']),
    about:
      'How a line of the log is written: json, text, or auto, which is text on a terminal and json elsewhere.',
  }),
  ...rateLimitSettings,
  maxWaitingRepliesPerChat: defineSetting({
    name: 'MAX_WAITING_REPLIES_PER_CHAT',
    default: '8',
    parser: wholeNumber(0, 1_000),
    about: 'How many replies of a chat may wait behind the one being written.',
  }),
  maxOpenRepliesPerUser: defineSetting({
    name: 'MAX_OPEN_REPLIES_PER_USER',
    default: '100',
    parser: wholeNumber(1, 100_000),
    about: 'How many replies of a user may wait or be written at the same time.',
  }),
  dailyTokensPerUser: defineSetting({
    name: 'DAILY_TOKENS_PER_USER',
    default: null,
    parser: wholeNumber(1, 999_999_999_999),
    about: 'How many tokens a user may use in a day (UTC), questions and answers together; without it, any.',
  }),
  dailyRepliesPerUser: defineSetting({
    name: 'DAILY_REPLIES_PER_USER',
    default: null,
    parser: wholeNumber(1, 1_000_000),
    about: 'How many answers a user may have in a day (UTC); without it, any.',
  }),
  ...uploadSettings,
  replyLeaseMs: defineSetting({
    name: 'REPLY_LEASE_MS',
    default: '3000',
    parser: wholeNumber(100, hourMs),
    about:
      'How long a silent server process keeps its replies before they count as interrupted, in milliseconds.',
  }),
  shutdownGraceMs: defineSetting({
    name: 'SHUTDOWN_GRACE_MS',
    default: '8000',
    parser: wholeNumber(0, hourMs),
    about: 'How long a stopping server lets replies finish, in milliseconds.',
  }),
};
