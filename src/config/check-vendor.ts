import { ConfigError } from './config-error.ts';
import type { ValuesOf } from './define-setting.ts';
import { vendorSettings } from './vendor-settings.ts';

/** The vendors that want a model and a key at their public address. */
const hosted = {
  openai: { url: 'baseUrl', key: 'apiKey', example: 'gpt-4o-mini' },
  anthropic: { url: 'anthropicBaseUrl', key: 'anthropicApiKey', example: 'claude-sonnet-4-5' },
  google: { url: 'googleBaseUrl', key: 'googleApiKey', example: 'gemini-2.5-flash' },
  mistral: { url: 'mistralBaseUrl', key: 'mistralApiKey', example: 'mistral-small-latest' },
} as const;

type Hosted = keyof typeof hosted;

export const isHosted = (provider: string): provider is Hosted => Object.hasOwn(hosted, provider);

/** Nobody can be asked where nobody is to look. @throws ConfigError */
export function checkOllama({ ollamaUrl }: Pick<ValuesOf<typeof vendorSettings>, 'ollamaUrl'>): void {
  if (ollamaUrl === '') throw new ConfigError('OLLAMA_URL is off, but ollama is to answer.');
}

/** Whether a vendor can be asked with what is given. @throws ConfigError naming the setting that is missing */
export function checkVendor(
  values: ValuesOf<typeof vendorSettings>,
  provider: Hosted,
  { setting, model }: { setting: 'AI_PROVIDER' | 'AI_MODELS' | 'AI_FALLBACKS'; model: string },
): void {
  const { url, key, example } = hosted[provider];
  const isPublic = new URL(values[url]).host === new URL(vendorSettings[url].default).host;
  // Any other server of the OpenAI protocol is asked for its models, and the first is taken.
  const choosesItself = provider === 'openai' && !isPublic;
  if (model === '' && !choosesItself)
    throw new ConfigError(
      setting === 'AI_PROVIDER'
        ? `AI_MODEL must name the model when AI_PROVIDER is ${provider}.`
        : `${setting} must name the model of ${provider}, as in ${provider}:${example}.`,
    );
  if (isPublic && values[key] === undefined)
    throw new ConfigError(
      `${vendorSettings[key].name} must be given, or ${vendorSettings[url].name} name a server that needs no key.`,
    );
}
