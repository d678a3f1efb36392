import type { DomainError, ErrorKind } from '../../core/errors.ts';
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
  'email-invalid': 'Invalid email format',
  'email-taken': 'Email already registered',
  'credentials-wrong': 'Invalid email or password',
  'session-ended': 'Authentication required',
};

/** `{"success": false, "message": sentence}`. */
export const renderError: ErrorRenderer = (error, request) => ({
  status: status[error.kind],
  body: { success: false, message: sentenceFor(error, request, sentences) },
});

const unexplained = 'An error occurred processing your message';
const aiUnavailable = 'AI service unavailable. Please try again later.';
const invalid = 'Invalid message data';

/** What an `error` event says of a kind of failure; null where the core's own sentence says it best. */
const eventSentences: Record<ErrorKind, string | null> = {
  invalid,
  unauthenticated: 'Authentication required',
  forbidden: 'Access denied',
  'not-found': unexplained,
  'method-not-allowed': invalid,
  conflict: null,
  'precondition-failed': null,
  'too-large': invalid,
  'unsupported-media': invalid,
  unprocessable: null,
  'rate-limited': null,
  unavailable: unexplained,
  'bad-gateway': aiUnavailable,
  'gateway-timeout': aiUnavailable,
  internal: unexplained,
};

/** The sentence of an `error` event. Nothing of an unforeseen failure is shown. */
export function eventSentence(error: DomainError): string {
  if (error.code === 'text-empty') return 'Message cannot be empty';
  if (error.code === 'chat-not-found') return 'Chat not found';
  if (error.code === 'user-disabled') return 'Authentication required';
  if (error.code.startsWith('ai-')) return aiUnavailable;
  return eventSentences[error.kind] ?? error.message;
}
