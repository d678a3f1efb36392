import type { Dispatcher } from 'undici';
import type { BaseUrl } from '../http/base-url.ts';
import { openExchange } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';

export type CallOptions = BaseUrl & { agent: Dispatcher; apiKey: string };

/** One request to the API; a body makes it a POST. Resolves with the headers. Rejects as `openExchange` does. */
export type Call = (endpoint: string, body: string | undefined, signal: AbortSignal) => Promise<Exchange>;

export const createCall = ({ agent, origin, path, query, apiKey }: CallOptions): Call => {
  const headers: Record<string, string> = {
    accept: 'text/event-stream, application/json',
    'user-agent': 'parlance',
    ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  const headersWithBody = { ...headers, 'content-type': 'application/json' };
  return (endpoint, body, signal) =>
    openExchange(
      agent,
      {
        origin,
        path: `${path}${endpoint}${query}`,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? headers : headersWithBody,
        ...(body === undefined ? {} : { body }),
      },
      signal,
    );
};
