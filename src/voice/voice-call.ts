import type { Dispatcher } from 'undici';
import type { BaseUrl } from '../providers/http/base-url.ts';
import { checkStatus } from '../providers/http/check-status.ts';
import { type Exchange, openExchange } from '../providers/http/exchange.ts';

export type VoiceCallOptions = BaseUrl & { agent: Dispatcher; apiKey: string };
export type VoiceRequest = { endpoint: string; contentType: string; body: Buffer | string; accept: string };

/** One request; resolves with the head of a good answer. @throws DomainError `ai-*`; what the network says; the signal's reason */
export type VoiceCall = (request: VoiceRequest, signal: AbortSignal) => Promise<Exchange>;

export function createVoiceCall({ agent, origin, path, query, apiKey }: VoiceCallOptions): VoiceCall {
  return async ({ endpoint, contentType, body, accept }, signal) => {
    const exchange = await openExchange(
      agent,
      {
        origin,
        path: `${path}${endpoint}${query}`,
        method: 'POST',
        headers: {
          accept,
          'content-type': contentType,
          'user-agent': 'parlance',
          ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body,
        // People speak seldom: a kept connection would be found dead more often than it saves a moment.
        reset: true,
      },
      signal,
    );
    const failure = await checkStatus(exchange, { secret: apiKey, now: new Date() });
    if (failure === undefined) return exchange;
    throw failure.error;
  };
}
