import { resolve } from 'node:path';
import type { ModelSettings } from '../providers/create-models.ts';
import type { ProviderSettings } from '../providers/define-provider.ts';
import type { ProviderName } from '../providers/index.ts';
import { checkOllama, checkVendor, isHosted } from './check-vendor.ts';
import { ConfigError } from './config-error.ts';
import type { ValuesOf } from './define-setting.ts';
import type { settings } from './settings.ts';
import { vendorsOf } from './vendors-of.ts';

type Values = ValuesOf<typeof settings>;

/** What every AI is told; which one it is, and its model, comes to it. */
const providerSettings = (values: Values, { provider, model }: ModelChoice): ProviderSettings => ({
  provider,
  model,
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
  transformers: {
    packageDir: resolve(values.dataDir, values.transformersDir),
    modelsDir: resolve(values.dataDir, values.modelsDir),
  },
  ollamaUrl: values.ollamaUrl,
  vendors: vendorsOf(values),
});

type ModelChoice = { provider: ProviderName; model: string };

/** Who may answer, and how they are asked. @throws ConfigError for an AI that does not exist, or lacks what it needs */
export function modelSettings(values: Values, known: readonly ProviderName[]): ModelSettings {
  const isAuto = values.provider === 'auto';
  const provider = isAuto ? 'basic' : values.provider;
  const { model = '', breakerFailures, breakerPauseMs, concurrency, queueLength } = values;
  const settingsOf = (chosen: { provider: string; model: string }, setting: ChoiceSetting) =>
    providerSettings(values, checkedChoice(values, chosen, { setting, known }));
  const named = (texts: readonly string[] | undefined, setting: ChoiceSetting) =>
    (texts ?? []).map((text) => {
      const [provider = '', ...rest] = text.split(':');
      return settingsOf({ provider, model: rest.join(':') }, setting);
    });
  if (values.grpcCaFile !== undefined && !values.grpcTls)
    throw new ConfigError('GRPC_AI_BACKEND_CA_FILE has no use while GRPC_AI_BACKEND_TLS is off.');
  return {
    standard: settingsOf({ provider, model }, 'AI_PROVIDER'),
    others: named(values.models, 'AI_MODELS'),
    fallbacks: named(values.fallbacks, 'AI_FALLBACKS'),
    ollama:
      values.ollamaUrl === ''
        ? undefined
        : {
            settings: providerSettings(values, { provider: 'ollama', model: '' }),
            isStandard: isAuto,
          },
    breaker: { failures: breakerFailures, pauseMs: breakerPauseMs },
    queue: { concurrency, waiting: queueLength },
  };
}

type ChoiceSetting = 'AI_PROVIDER' | 'AI_MODELS' | 'AI_FALLBACKS';

function checkedChoice(
  values: Values,
  chosen: { provider: string; model: string },
  { setting, known }: { setting: ChoiceSetting; known: readonly ProviderName[] },
): ModelChoice {
  const { model } = chosen;
  const provider = known.find((name) => name === chosen.provider);
  if (provider === undefined && setting === 'AI_PROVIDER')
    throw new ConfigError(
      `AI_PROVIDER is "${chosen.provider}", but must be auto or one of ${known.join(', ')}.`,
    );
  if (provider === undefined)
    throw new ConfigError(
      `${setting} names the provider "${chosen.provider}", but must name some of ${known.join(', ')}.`,
    );
  if (provider === 'ollama') checkOllama(values);
  if (isHosted(provider)) checkVendor(values, provider, { setting, model });
  return { provider, model };
}
