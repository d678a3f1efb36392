import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import type { Patience } from '../stream/patience.ts';
import type { Exchange } from './exchange.ts';
import type { Failure } from './vendor-error.ts';

const firstWaitMs = 250;
/** A vendor that asks for more patience than this is reported instead of waited for. */
const longestWaitMs = 10_000;

type Circumstances = {
  settings: Pick<ProviderSettings, 'retries'>;
  surroundings: Pick<ProviderSurroundings, 'pause' | 'random'>;
  patience: Patience;
};

/**
 * Asks until there is an answer to read. Nothing has been shown yet, so what may pass is tried again: `retries` times at most, with
 * growing pauses, within the time for the first token. @throws DomainError `ai-*`
 */
export const askAgain = async (
  ask: () => Promise<Exchange | Failure>,
  { settings, surroundings, patience }: Circumstances,
): Promise<Exchange> => {
  for (let attempt = 0; ; attempt += 1) {
    const result = await ask();
    if ('status' in result) return result;
    patience.signal.throwIfAborted();
    const waitMs = waitBefore(attempt, result, surroundings.random());
    const isHopeless = waitMs > longestWaitMs || waitMs >= patience.remainingMs();
    if (!result.mayRetry || attempt >= settings.retries || isHopeless) throw result.error;
    await surroundings.pause(waitMs, patience.signal).catch(() => patience.signal.throwIfAborted());
  }
};

/** What the vendor asks for, or twice as long each time, give or take a half, so that many do not come back at once. */
const waitBefore = (attempt: number, { error }: Failure, random: number): number =>
  error.retryAfterSeconds === undefined
    ? firstWaitMs * 2 ** attempt * (0.5 + random)
    : error.retryAfterSeconds * 1000;
