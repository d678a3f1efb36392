import { databaseUrl } from './database-url.ts';
import { defineSetting } from './define-setting.ts';
import { listeners } from './listeners.ts';
import {
  color,
  decimal,
  hostname,
  httpUrl,
  list,
  matching,
  onOff,
  oneOf,
  origins,
  proxies,
  textUpTo,
  wholeNumber,
} from './parsers.ts';
import { rateLimitSettings } from './rate-limit-settings.ts';
import { secretText } from './secret-text.ts';

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
  database: defineSetting({
    name: 'DATABASE_URL',
    default: 'sqlite:///parlance.db',
    secret: true,
    parser: databaseUrl,
    about: 'The database; a relative SQLite path starts in DATA_DIR.',
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
  provider: defineSetting({
    name: 'AI_PROVIDER',
    default: 'basic',
    parser: textUpTo(100),
    about:
      'Who answers: basic (built in, no network), openai (any OpenAI-compatible server) or grpc (an AI backend of its own).',
  }),
  model: defineSetting({
    name: 'AI_MODEL',
    default: null,
    parser: textUpTo(200),
    about: 'The model that answers, as its server names it; openai needs it.',
  }),
  baseUrl: defineSetting({
    name: 'OPENAI_BASE_URL',
    default: 'https://api.openai.com/v1',
    parser: httpUrl,
    about: 'The OpenAI-compatible server, with its /v1.',
  }),
  apiKey: defineSetting({
    name: 'OPENAI_API_KEY',
    default: null,
    secret: true,
    parser: matching(/^[\x21-\x7e]{1,1000}$/, 'visible ASCII characters without spaces'),
    about: 'The key for that server; most local servers need none.',
  }),
  grpcHost: defineSetting({
    name: 'GRPC_AI_BACKEND_HOST',
    default: 'localhost',
    parser: hostname,
    about: 'The address of the AI backend that grpc asks.',
  }),
  grpcPort: defineSetting({
    name: 'GRPC_AI_BACKEND_PORT',
    default: '50051',
    parser: wholeNumber(1, 65_535),
    about: 'Its port, and the one that parlance ai-backend listens on.',
  }),
  grpcTls: defineSetting({
    name: 'GRPC_AI_BACKEND_TLS',
    default: 'off',
    parser: onOff,
    about: 'Whether the connection to it is encrypted, and its certificate checked.',
  }),
  grpcCaFile: defineSetting({
    name: 'GRPC_AI_BACKEND_CA_FILE',
    default: null,
    parser: textUpTo(1_000),
    about: 'A PEM file with whom to trust for that certificate, instead of whom the system trusts.',
  }),
  systemPrompt: defineSetting({
    name: 'AI_SYSTEM_PROMPT',
    default: 'You are a helpful assistant.',
    parser: textUpTo(32_000),
    about: 'The instructions that stand above every conversation.',
  }),
  historyTurns: defineSetting({
    name: 'AI_HISTORY_TURNS',
    default: '40',
    parser: wholeNumber(0, 1_000),
    about: 'How many earlier messages of the chat the model is shown.',
  }),
  historyTokens: defineSetting({
    name: 'AI_HISTORY_TOKENS',
    default: '8000',
    parser: wholeNumber(0, 10_000_000),
    about: 'How many tokens those messages may have together, by estimate; older ones stay out.',
  }),
  firstTokenTimeoutMs: defineSetting({
    name: 'AI_FIRST_TOKEN_TIMEOUT_MS',
    default: '60000',
    parser: wholeNumber(1, hourMs),
    about: 'How long the model may take to say its first word, in milliseconds.',
  }),
  idleTimeoutMs: defineSetting({
    name: 'AI_IDLE_TIMEOUT_MS',
    default: '30000',
    parser: wholeNumber(1, hourMs),
    about: 'How long the model may pause between two words, in milliseconds.',
  }),
  retries: defineSetting({
    name: 'AI_RETRIES',
    default: '2',
    parser: wholeNumber(0, 10),
    about: 'How often a failed request is tried again, as long as no word has come.',
  }),
  maxOutputTokens: defineSetting({
    name: 'AI_MAX_OUTPUT_TOKENS',
    default: null,
    parser: wholeNumber(1, 10_000_000),
    about: 'The longest answer, in tokens; without it the model decides.',
  }),
  temperature: defineSetting({
    name: 'AI_TEMPERATURE',
    default: null,
    parser: decimal(0, 2),
    about: 'How freely the model chooses its words, from 0 to 2; without it the model decides.',
  }),
  seesImages: defineSetting({
    name: 'AI_SEES_IMAGES',
    default: 'off',
    parser: onOff,
    about: 'Whether the model can read images.',
  }),
  basicWordDelayMs: defineSetting({
    name: 'BASIC_WORD_DELAY_MS',
    default: '0',
    parser: wholeNumber(0, 10_000),
    about: 'How long the built-in responder waits between two words, in milliseconds.',
  }),
  seed: defineSetting({
    name: 'BASIC_SEED',
    default: '0',
    parser: wholeNumber(0, 4_294_967_295),
    about: 'What the built-in responder varies its wording by; the same seed gives the same answers.',
  }),
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
  uploadMaxBytes: defineSetting({
    name: 'UPLOAD_MAX_BYTES',
    default: '10485760',
    parser: wholeNumber(1, 1_073_741_824),
    about: 'How large a file may be that somebody uploads, in bytes (10 MiB).',
  }),
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
