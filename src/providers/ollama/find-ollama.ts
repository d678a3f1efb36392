import type { ModelInfo } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import { ollama } from '../ollama.ts';

/** One on this machine answers within a few milliseconds; nobody waits long for one that is not there. */
const lookMs = 500;

/** The models of a running Ollama; undefined where none answers in time, or where nobody is to look. Never rejects. */
export const findOllama = async (
  settings: ProviderSettings,
  surroundings: ProviderSurroundings,
): Promise<ModelInfo[] | undefined> => {
  if (settings.ollamaUrl === '') return undefined;
  const provider = ollama.create(settings, surroundings);
  try {
    return await provider.models(AbortSignal.timeout(lookMs));
  } catch {
    return undefined;
  } finally {
    await provider.close();
  }
};
