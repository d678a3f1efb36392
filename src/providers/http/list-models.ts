import type { Dispatcher } from 'undici';
import { DomainError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/provider.ts';
import { checkStatus } from './check-status.ts';
import { openExchange } from './exchange.ts';
import { readAll } from './read-all.ts';
import { networkFailure } from './vendor-error.ts';

const longestListBytes = 4_194_304;

export type ModelList = {
  agent: Dispatcher;
  origin: string;
  path: string;
  headers: Record<string, string>;
  /** Cut out of what the vendor says. */
  secret: string;
  now: Date;
  /** The names in the vendor's document; what is none is passed over. */
  read(document: Record<string, readonly Record<string, unknown>[]>): unknown[];
};

/** The models that a vendor names, in its order; asked once, without retries. @throws DomainError `ai-*` */
export const listModels = async (
  { agent, origin, path, headers, secret, now, read }: ModelList,
  signal: AbortSignal,
): Promise<ModelInfo[]> => {
  const request = {
    origin,
    path,
    method: 'GET' as const,
    headers: { accept: 'application/json', 'user-agent': 'parlance', ...headers },
  };
  try {
    const exchange = await openExchange(agent, request, signal);
    const failure = await checkStatus(exchange, { secret, now });
    if (failure !== undefined) throw failure.error;
    return readModels(await readAll(exchange, longestListBytes), read);
  } catch (thrown) {
    throw networkFailure(thrown).error;
  }
};

const readModels = (text: string, read: ModelList['read']): ModelInfo[] => {
  try {
    return read(JSON.parse(text)).flatMap((id) => (typeof id === 'string' && id !== '' ? [{ id }] : []));
  } catch (cause) {
    throw new DomainError('ai-answer-unreadable', { cause });
  }
};
