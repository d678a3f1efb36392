import { Metadata, status as codes, type StatusObject } from '@grpc/grpc-js';
import type { DomainError, ErrorCode } from '../core/errors.ts';

/** The status that tells a caller why its answer failed: the provider of this product reads the same codes out of them again. */
const statuses: Partial<Record<ErrorCode, codes>> = {
  'ai-unreachable': codes.UNAVAILABLE,
  'ai-refused': codes.FAILED_PRECONDITION,
  'ai-rate-limited': codes.RESOURCE_EXHAUSTED,
  'ai-busy': codes.RESOURCE_EXHAUSTED,
  'ai-broke-off': codes.ABORTED,
  'ai-answer-unreadable': codes.DATA_LOSS,
  'ai-timed-out': codes.DEADLINE_EXCEEDED,
};

/** A failure of the AI as a status, with the sentence that anybody may read; its cause stays here. */
export const failureStatus = ({ code, message, retryAfterSeconds }: DomainError): StatusObject => {
  const metadata = new Metadata();
  if (retryAfterSeconds !== undefined)
    metadata.set('grpc-retry-pushback-ms', String(retryAfterSeconds * 1_000));
  return { code: statuses[code] ?? codes.INTERNAL, details: message, metadata };
};
