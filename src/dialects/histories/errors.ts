import { DomainError, type ErrorCode } from '../../core/errors.ts';
import type { ErrorRenderer } from '../kit/define-dialect.ts';
import { sentenceFor, type Sentences } from '../kit/sentence-for.ts';
import { statusOf } from '../kit/status-of.ts';

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
    status: statusOf[error.kind],
    body: tokenFailures.has(error.code) ? { msg: sentence, error: sentence } : { error: sentence },
  };
};
