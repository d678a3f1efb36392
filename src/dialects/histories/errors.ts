import { DomainError, type ErrorCode, type ErrorKind } from '../../core/errors.ts';
import type { ErrorRenderer } from '../kit/define-dialect.ts';
import { sentenceFor, type Sentences } from '../kit/sentence-for.ts';

const status: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media': 415,
  unprocessable: 422,
  'rate-limited': 429,
  unavailable: 503,
  'bad-gateway': 502,
  'gateway-timeout': 504,
  internal: 500,
};

const sentences: Sentences = {
  'text-empty': 'Missing required fields',
  'credentials-missing': 'Missing Authorization Header',
  'session-ended': 'Token has been revoked',
};

/** Failures of the token itself carry the sentence under `msg` too, where some clients look for it. */
const tokenFailures = new Set<ErrorCode>([
  'credentials-missing',
  'token-invalid',
  'token-expired',
  'session-ended',
]);

/** `{"error": sentence}`. Another user's chat is answered exactly as one that never existed. */
export const renderError: ErrorRenderer = (thrown, request) => {
  const error = thrown.code === 'chat-not-yours' ? new DomainError('chat-not-found') : thrown;
  const sentence = sentenceFor(error, request, sentences);
  return {
    status: status[error.kind],
    body: tokenFailures.has(error.code) ? { msg: sentence, error: sentence } : { error: sentence },
  };
};
