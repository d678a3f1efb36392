import type { Prompt } from '../../core/provider.ts';
import { askAgain } from '../http/ask-again.ts';
import { checkStatus } from '../http/check-status.ts';
import type { Exchange } from '../http/exchange.ts';
import { networkFailure, VendorError } from '../http/vendor-error.ts';
import type { Failure } from '../http/vendor-error.ts';
import type { Patience } from '../stream/patience.ts';
import { createChatBody } from './chat-body.ts';
import type { Vendor } from './vendor.ts';

/** Asks until there is an answer to read. @throws DomainError `ai-*` */
export const openAnswer = (vendor: Vendor, prompt: Prompt, patience: Patience): Promise<Exchange> =>
  askAgain(() => ask(vendor, prompt, patience.signal), { ...vendor, patience });

const ask = async (vendor: Vendor, prompt: Prompt, signal: AbortSignal): Promise<Exchange | Failure> => {
  try {
    vendor.model ||= await firstModel(vendor, signal);
    const { settings, surroundings, apiKey, model, countsInStream, isOpenAi } = vendor;
    const limitField = isOpenAi ? 'max_completion_tokens' : 'max_tokens';
    const body = createChatBody(prompt, { ...settings, model, limitField, asksUsage: countsInStream });
    const exchange = await vendor.call('/chat/completions', body, signal);
    const failure = await checkStatus(exchange, { secret: apiKey, now: surroundings.now() });
    if (failure === undefined) return exchange;
    if (!countsInStream || !refusesCounting(failure)) return failure;
    vendor.countsInStream = false;
    return await ask(vendor, prompt, signal);
  } catch (thrown) {
    return networkFailure(thrown);
  }
};

const firstModel = async (vendor: Vendor, signal: AbortSignal): Promise<string> => {
  const [first] = await vendor.list(signal);
  if (first === undefined) throw new VendorError(0, '', 'The server offers no model; set AI_MODEL');
  return first.id;
};

const refusesCounting = ({ error }: Failure): boolean => {
  const { cause } = error;
  const isRefusal = cause instanceof VendorError && (cause.status === 400 || cause.status === 422);
  return isRefusal && /stream_options|include_usage/.test(cause.message);
};
