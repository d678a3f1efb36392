import type { DomainError, ErrorKind } from '../../core/errors.ts';
import type { ErrorRenderer } from '../kit/define-dialect.ts';
import { sentenceFor, type Sentences } from '../kit/sentence-for.ts';
import { statusOf } from '../kit/status-of.ts';

const sentences: Sentences = {
  'email-invalid': 'Invalid email format',
  'email-taken': 'Email already registered',
  'credentials-wrong': 'Invalid email or password',
  'session-ended': 'Authentication required',
};

/** `{"success": false, "message": sentence}`. */
export const renderError: ErrorRenderer = (error, request) => ({
  status: statusOf[error.kind],
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
  'too-large': null,
  'unsupported-media': null,
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
  if (error.code === 'chat-not-found' || error.code === 'message-not-found') return error.message;
  if (error.code === 'user-disabled') return 'Authentication required';
  if (error.code.startsWith('ai-')) return aiUnavailable;
  return eventSentences[error.kind] ?? error.message;
}
