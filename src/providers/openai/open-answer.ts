import type { Prompt } from '../../core/provider.ts';
import { createChatBody } from './chat-body.ts';
import { checkStatus } from './check-status.ts';
import type { Exchange } from './exchange.ts';
import { listModels } from './list-models.ts';
import type { Patience } from './patience.ts';
import type { Vendor } from './vendor.ts';
import { networkFailure, VendorError } from './vendor-error.ts';
import type { Failure } from './vendor-error.ts';

const firstWaitMs = 250;
/** A vendor that asks for more patience than this is reported instead of waited for. */
const longestWaitMs = 10_000;

/**
 * Asks until there is an answer to read. Nothing has been shown yet, so what may pass is tried again: `retries` times at most, with
 * growing pauses, within the time for the first token. @throws DomainError `ai-*`
 */
export const openAnswer = async (vendor: Vendor, prompt: Prompt, patience: Patience): Promise<Exchange> => {
  const { settings, surroundings } = vendor;
  for (let attempt = 0; ; attempt += 1) {
    const result = await ask(vendor, prompt, patience.signal);
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

const ask = async (vendor: Vendor, prompt: Prompt, signal: AbortSignal): Promise<Exchange | Failure> => {
  try {
    vendor.model ||= await firstModel(vendor, signal);
    const { settings, surroundings, model, countsInStream, isOpenAi } = vendor;
    const limitField = isOpenAi ? 'max_completion_tokens' : 'max_tokens';
    const body = createChatBody(prompt, { ...settings, model, limitField, asksUsage: countsInStream });
    const exchange = await vendor.call('/chat/completions', body, signal);
    const failure = await checkStatus(exchange, { secret: settings.apiKey, now: surroundings.now() });
    if (failure === undefined) return exchange;
    if (!countsInStream || !refusesCounting(failure)) return failure;
    vendor.countsInStream = false;
    return await ask(vendor, prompt, signal);
  } catch (thrown) {
    return networkFailure(thrown);
  }
};

const firstModel = async (vendor: Vendor, signal: AbortSignal): Promise<string> => {
  const [first] = await listModels(vendor, signal);
  if (first === undefined) throw new VendorError(0, '', 'The server offers no model; set AI_MODEL');
  return first.id;
};

const refusesCounting = ({ error }: Failure): boolean => {
  const { cause } = error;
  const isRefusal = cause instanceof VendorError && (cause.status === 400 || cause.status === 422);
  return isRefusal && /stream_options|include_usage/.test(cause.message);
};
