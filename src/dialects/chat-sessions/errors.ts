import type { DomainError, ErrorCode } from '../../core/errors.ts';
import type { ErrorRenderer } from '../kit/define-dialect.ts';
import { sentenceFor, type Sentences } from '../kit/sentence-for.ts';
import { statusOf } from '../kit/status-of.ts';

const sentences: Sentences = {
  'chat-not-found': 'Session not found',
  'title-empty': 'Session title cannot be empty',
  'text-empty': 'Message cannot be empty',
  'text-too-long': 'Message cannot exceed 5000 characters',
  'session-ended': 'Token has been revoked',
  'credentials-missing': 'Authorization token is required',
};

/** Failures of the token itself carry the sentence under `msg` too, where some clients look for it. */
const tokenFailures = new Set<ErrorCode>([
  'credentials-missing',
  'token-invalid',
  'token-expired',
  'session-ended',
]);

/** What the core refuses beyond the rules of this wire. */
const accountFailures = new Set<ErrorCode>(['username-invalid', 'email-invalid', 'password-invalid']);

/** `{"error": sentence}`, with `details` where fields are wrong; failures of the token also under `msg`. */
export const renderError: ErrorRenderer = (error, request) => {
  const code = statusOf[error.kind];
  if (hasFields(error)) {
    const details = error.details.map(({ field, problem }) => `${field} ${problem}`.trim());
    return { status: code, body: { error: 'Validation failed', details } };
  }
  if (accountFailures.has(error.code)) {
    return { status: code, body: { error: 'Validation failed', details: [error.message] } };
  }
  const sentence = sentenceFor(error, request, sentences);
  const body = tokenFailures.has(error.code) ? { error: sentence, msg: sentence } : { error: sentence };
  return { status: code, body };
};

/** A refused field without a name is a sentence that stands for itself. */
const hasFields = ({ code, details }: DomainError): boolean =>
  code === 'fields-missing' || (code === 'field-invalid' && details.some(({ field }) => field !== ''));
