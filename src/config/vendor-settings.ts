import { defineSetting } from './define-setting.ts';
import { httpUrl, matching, textUpTo } from './parsers.ts';

const headerText = matching(/^[\x21-\x7e]{1,1000}$/, 'visible ASCII characters without spaces');

/** Where the vendors of models are, and the keys for them. */
export const vendorSettings = {
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
    parser: headerText,
    about: 'The key for that server; most local servers need none.',
  }),
  ollamaUrl: defineSetting({
    name: 'OLLAMA_URL',
    default: 'http://127.0.0.1:11434',
    parser: (text) => (text.toLowerCase() === 'off' ? '' : httpUrl(text)),
    about: 'Where ollama asks, and where a running Ollama is looked for; off looks nowhere.',
  }),
  anthropicBaseUrl: defineSetting({
    name: 'ANTHROPIC_BASE_URL',
    default: 'https://api.anthropic.com/v1',
    parser: httpUrl,
    about: 'Where anthropic asks; another address for a proxy that speaks the same protocol.',
  }),
  anthropicApiKey: defineSetting({
    name: 'ANTHROPIC_API_KEY',
    default: null,
    secret: true,
    parser: headerText,
    about: 'The key for Anthropic.',
  }),
  googleBaseUrl: defineSetting({
    name: 'GOOGLE_GENERATIVE_AI_BASE_URL',
    aliases: ['GOOGLE_GEMINI_BASE_URL'],
    default: 'https://generativelanguage.googleapis.com/v1beta',
    parser: httpUrl,
    about: 'Where google asks; another address for a proxy that speaks the same protocol.',
  }),
  googleApiKey: defineSetting({
    name: 'GOOGLE_GENERATIVE_AI_API_KEY',
    aliases: ['GEMINI_API_KEY'],
    default: null,
    secret: true,
    parser: headerText,
    about: 'The key for the Gemini API of Google.',
  }),
  mistralBaseUrl: defineSetting({
    name: 'MISTRAL_BASE_URL',
    default: 'https://api.mistral.ai/v1',
    parser: httpUrl,
    about: 'Where mistral asks; another address for a proxy that speaks the same protocol.',
  }),
  mistralApiKey: defineSetting({
    name: 'MISTRAL_API_KEY',
    default: null,
    secret: true,
    parser: headerText,
    about: 'The key for Mistral.',
  }),
  modelsDir: defineSetting({
    name: 'MODELS_DIR',
    default: 'models',
    parser: textUpTo(1_000),
    about: 'The folder of the models that transformers computes; a relative one starts in DATA_DIR.',
  }),
  transformersDir: defineSetting({
    name: 'TRANSFORMERS_DIR',
    default: 'transformers',
    parser: textUpTo(1_000),
    about: 'Where the library for that is installed; a relative folder starts in DATA_DIR.',
  }),
};
