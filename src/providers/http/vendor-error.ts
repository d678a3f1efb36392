import { errors } from 'undici';
import { DomainError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';

/** What the vendor said, for the log: its status (0 inside a stream) and its sentence, shortened. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly status: number;
  readonly vendorCode: string;

  constructor(status: number, vendorCode: string, sentence: string) {
    super(sentence.slice(0, 300));
    this.status = status;
    this.vendorCode = vendorCode;
  }
}

/** Reads `{"error": {"message", "code"}}`, `{"error": "..."}`, `{"message"}` and `{"detail"}`; `secret` is cut out of what it says. */
export const readVendorError = (
  value: unknown,
  { status, secret }: { status: number; secret: string },
): VendorError => {
  const outer = asRecord(value);
  const inner = asRecord(outer['error']);
  const message = [inner['message'], outer['error'], outer['message'], outer['detail']].find(
    (one) => typeof one === 'string',
  );
  const code = inner['code'] ?? inner['type'] ?? '';
  const sentence = typeof message === 'string' && message !== '' ? message : 'The vendor gave no reason';
  const clean = secret === '' ? sentence : sentence.replaceAll(secret, '[key]');
  return new VendorError(
    status,
    typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    clean,
  );
};

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** How an attempt failed, and whether another may fare better. */
export type Failure = { error: DomainError; mayRetry: boolean };

/** A status other than 200: 4xx means that the settings are wrong, 5xx that the vendor is not well. */
export const statusFailure = (cause: VendorError, retryAfterSeconds: number | undefined): Failure => {
  const options = { cause, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  const fail = (code: ErrorCode, mayRetry: boolean): Failure => ({
    error: new DomainError(code, options),
    mayRetry,
  });
  if (cause.status === 429) return fail('ai-rate-limited', cause.vendorCode !== 'insufficient_quota');
  if (cause.status >= 500) return fail('ai-unreachable', [500, 502, 503, 504, 529].includes(cause.status));
  return fail('ai-refused', false);
};

/** What the network said before there was a status. */
export const networkFailure = (thrown: unknown): Failure => {
  if (thrown instanceof DomainError) return { error: thrown, mayRetry: thrown.code === 'ai-unreachable' };
  if (thrown instanceof VendorError)
    return { error: new DomainError('ai-refused', { cause: thrown }), mayRetry: false };
  const { code: given } = asRecord(thrown);
  const code = typeof given === 'string' ? given : '';
  const fail = (error: ErrorCode, mayRetry: boolean): Failure => ({
    error: new DomainError(error, { cause: thrown }),
    mayRetry,
  });
  const isNotHttp = thrown instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW';
  if (isNotHttp) return fail('ai-answer-unreadable', false);
  if (code === 'UND_ERR_INVALID_ARG') return fail('ai-refused', false);
  return fail('ai-unreachable', !['UND_ERR_DESTROYED', 'UND_ERR_CLOSED'].includes(code));
};

/** An error object inside a stream that began well. */
export const streamFailure = (cause: VendorError, hasText: boolean): DomainError => {
  if (hasText) return new DomainError('ai-broke-off', { cause });
  const isLimit = cause.vendorCode === '429' || cause.vendorCode.startsWith('rate_limit');
  if (isLimit) return new DomainError('ai-rate-limited', { cause });
  return new DomainError(cause.vendorCode === 'overloaded_error' ? 'ai-unreachable' : 'ai-refused', {
    cause,
  });
};
