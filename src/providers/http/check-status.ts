import type { Exchange } from './exchange.ts';
import { readAll } from './read-all.ts';
import { readRetryAfter } from './retry-after.ts';
import { readVendorError, statusFailure } from './vendor-error.ts';
import type { Failure } from './vendor-error.ts';

const longestErrorBytes = 65_536;

/** Why an exchange is no answer; undefined when its status is 200. Redirects are not followed: they are refusals. */
export const checkStatus = async (
  exchange: Exchange,
  { secret, now }: { secret: string; now: Date },
): Promise<Failure | undefined> => {
  if (exchange.status === 200) return undefined;
  const body = await readAll(exchange, longestErrorBytes).catch(() => '');
  exchange.abort();
  const cause = readVendorError(parse(body), { status: exchange.status, secret });
  return statusFailure(cause, readRetryAfter(exchange.headers['retry-after'], now));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
