import { DomainError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import type { ProviderSettings } from '../providers/define-provider.ts';
import { createProvider } from '../providers/index.ts';
import type { Finding } from './doctor-checks.ts';
import { sentenceOf } from './sentence-of.ts';

const timeoutMs = 20_000;
const question = 'Answer with the single word OK.';

/** Asks one model a short question, and says how soon its first word came, or why none did and what to do. */
export async function tryModel(settings: ProviderSettings): Promise<Finding> {
  const name = settings.model === '' ? settings.provider : `${settings.provider}:${settings.model}`;
  const provider = createProvider(settings);
  const startedAt = performance.now();
  try {
    await firstWord(provider);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    return { verdict: 'ok', says: `${name} answers, with its first word after ${seconds} s` };
  } catch (thrown) {
    return { verdict: 'problem', says: `${name}: ${sentenceOf(thrown)}${await others(provider)}` };
  } finally {
    await provider.close();
  }
}

async function firstWord(provider: Provider): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const prompt = { system: '', turns: [{ role: 'user' as const, text: question }], userId: '0', chatId: '0' };
  for await (const event of provider.stream(prompt, signal))
    if (event.type === 'text-delta' || event.type === 'finish') return;
  throw new DomainError(signal.aborted ? 'ai-timed-out' : 'ai-broke-off');
}

/** What else it offers, where it can be asked and does not list what it was asked for. */
async function others(provider: Provider): Promise<string> {
  const models = await provider.models(AbortSignal.timeout(timeoutMs)).catch(() => []);
  if (models.length === 0 || models.some(({ id }) => id === provider.model)) return '';
  const some = models.slice(0, 8).map(({ id }) => id);
  return `; AI_MODEL may be one of ${some.join(', ')}`;
}
