import { DomainError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/provider.ts';
import { checkStatus } from './check-status.ts';
import { readAll } from './read-all.ts';
import type { Vendor } from './vendor.ts';
import { networkFailure } from './vendor-error.ts';

const longestListBytes = 4_194_304;

/** The models a server names, in its order; asked once, without retries. @throws DomainError `ai-*` */
export const listModels = async (vendor: Vendor, signal: AbortSignal): Promise<ModelInfo[]> => {
  try {
    const exchange = await vendor.call('/models', undefined, signal);
    const failure = await checkStatus(exchange, {
      secret: vendor.settings.apiKey,
      now: vendor.surroundings.now(),
    });
    if (failure !== undefined) throw failure.error;
    return readModels(await readAll(exchange, longestListBytes));
  } catch (thrown) {
    throw networkFailure(thrown).error;
  }
};

const readModels = (text: string): ModelInfo[] => {
  try {
    const { data } = JSON.parse(text) as { data: { id: unknown }[] };
    return data.flatMap(({ id }) => (typeof id === 'string' && id !== '' ? [{ id }] : []));
  } catch (cause) {
    throw new DomainError('ai-answer-unreadable', { cause });
  }
};
