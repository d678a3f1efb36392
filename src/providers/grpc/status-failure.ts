import { status as codes, type StatusObject } from '@grpc/grpc-js';
import { DomainError, type ErrorCode } from '../../core/errors.ts';
import type { Call } from './call.ts';

/** What the backend said, for the log: its status and its sentence, shortened. */
class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly status: string;

  constructor({ code, details }: StatusObject) {
    super((details ?? '').slice(0, 300));
    this.status = codes[code] ?? String(code);
  }
}

/** Statuses by which a backend says that it will not answer this, now or later. */
const refusals: ReadonlySet<number> = new Set([
  codes.INVALID_ARGUMENT,
  codes.NOT_FOUND,
  codes.ALREADY_EXISTS,
  codes.PERMISSION_DENIED,
  codes.FAILED_PRECONDITION,
  codes.OUT_OF_RANGE,
  codes.UNIMPLEMENTED,
  codes.UNAUTHENTICATED,
]);

/** How far an answer had come when it failed. */
export type Progress = Pick<Call, 'answeredBy'> & { hasText: boolean };

/** Any status but OK. Once there was text, an answer that ends badly has broken off, whatever the reason. */
export const statusFailure = (status: StatusObject, progress: Progress): DomainError => {
  const retryAfterSeconds = readPushback(status);
  return new DomainError(codeOf(status, progress), {
    cause: new BackendError(status),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
};

const codeOf = (status: StatusObject, { answeredBy, hasText }: Progress): ErrorCode => {
  const { code } = status;
  // The backend words it like our own side does, but before it begins: then it is our question that is too long.
  if (isTooLong(status)) return answeredBy === 'nobody' ? 'ai-refused' : 'ai-answer-unreadable';
  if (isUnreadable(status)) return 'ai-answer-unreadable';
  if (code === codes.DEADLINE_EXCEEDED) return 'ai-timed-out';
  if (hasText) return 'ai-broke-off';
  if (code === codes.RESOURCE_EXHAUSTED) return 'ai-rate-limited';
  if (code === codes.UNAVAILABLE) return answeredBy === 'backend' ? 'ai-broke-off' : 'ai-unreachable';
  return refusals.has(code) ? 'ai-refused' : 'ai-broke-off';
};

const isTooLong = ({ code, details }: StatusObject): boolean =>
  code === codes.RESOURCE_EXHAUSTED && /^Received message .*larger than/.test(details);

const isUnreadable = ({ code, details }: StatusObject): boolean =>
  code === codes.DATA_LOSS ||
  (code === codes.INTERNAL && /^(?:Response message parsing error|Failed to decompress)/.test(details)) ||
  // What is compressed in a way that nobody agreed on fails inside the library, with an error instead of a status.
  code === undefined;

/** `grpc-retry-pushback-ms` as whole seconds. Never over an hour. */
const readPushback = ({ metadata }: Partial<StatusObject>): number | undefined => {
  const [given] = metadata?.get('grpc-retry-pushback-ms') ?? [];
  if (typeof given !== 'string' || !/^\d{1,9}$/.test(given)) return undefined;
  return Math.min(Math.ceil(Number(given) / 1000), 3600);
};
