import { defineSetting } from './define-setting.ts';
import { decimal, hostname, list, oneOf, onOff, textUpTo, wholeNumber } from './parsers.ts';
import { vendorSettings } from './vendor-settings.ts';

const hourMs = 3_600_000;

/** Who answers, and how. */
export const aiSettings = {
  provider: defineSetting({
    name: 'AI_PROVIDER',
    default: 'auto',
    parser: textUpTo(100),
    about:
      'Who answers: auto (a running Ollama, else basic), basic or nlp (built in, no network), openai (any OpenAI-compatible server), ollama, anthropic, google, mistral, transformers (computed here) or grpc (an AI backend of its own).',
  }),
  model: defineSetting({
    name: 'AI_MODEL',
    default: null,
    parser: textUpTo(200),
    about: 'The model that answers, as its server names it; the vendors of models need it.',
  }),
  models: defineSetting({
    name: 'AI_MODELS',
    default: null,
    parser: list,
    about: 'Further models that chats may choose, as provider:model or provider, with commas between them.',
  }),
  fallbacks: defineSetting({
    name: 'AI_FALLBACKS',
    default: null,
    parser: list,
    about:
      'Who is asked, in this order, when an AI fails before its first word: as in AI_MODELS, with commas between them.',
  }),
  concurrency: defineSetting({
    name: 'AI_CONCURRENCY',
    default: null,
    parser: wholeNumber(1, 100_000),
    about:
      'How many questions a provider is asked at the same time, while the others wait; without it, all of them.',
  }),
  queueLength: defineSetting({
    name: 'AI_QUEUE_LENGTH',
    default: '1000',
    parser: wholeNumber(0, 1_000_000),
    about: 'How many questions may wait for a provider.',
  }),
  breakerFailures: defineSetting({
    name: 'AI_BREAKER_FAILURES',
    default: '10',
    parser: wholeNumber(0, 1_000_000),
    about: 'After how many failures in a row a provider is left alone for a while; 0 for never.',
  }),
  breakerPauseMs: defineSetting({
    name: 'AI_BREAKER_PAUSE_MS',
    default: '10000',
    parser: wholeNumber(1, hourMs),
    about: 'How long, in milliseconds.',
  }),
  ...vendorSettings,
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
  history: defineSetting({
    name: 'AI_HISTORY',
    default: 'drop',
    parser: oneOf(['drop', 'summarise']),
    about:
      'What becomes of messages that stay out: drop, or summarise, which has the model keep notes of them.',
  }),
  titles: defineSetting({
    name: 'AI_TITLES',
    default: 'off',
    parser: onOff,
    about: 'Whether the model names a chat after its first answer; else it is called by its first words.',
  }),
  contextTokens: defineSetting({
    name: 'AI_CONTEXT_TOKENS',
    default: null,
    parser: wholeNumber(256, 100_000_000),
    about: 'How many tokens the model holds at once; the history is kept within it, beside the answer.',
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
};
