import { DomainError, type ErrorCode } from '../../core/errors.ts';
import type { ErrorRenderer } from '../kit/define-dialect.ts';
import { sentenceFor, type Sentences } from '../kit/sentence-for.ts';
import { statusOf } from '../kit/status-of.ts';

const statusByCode: Partial<Record<ErrorCode, number>> = { 'username-taken': 400 };

const notSignedIn = 'Authentication required';
const sentences: Sentences = {
  'credentials-missing': notSignedIn,
  'session-ended': notSignedIn,
  'token-invalid': notSignedIn,
  'token-expired': notSignedIn,
  'account-not-yours': 'Cannot logout different user',
  'chat-not-found': 'Conversation not found',
  'title-empty': 'Name is required',
  'title-too-long': 'Name cannot exceed 255 characters',
  'text-empty': 'Text is required',
};

/** `{"error": sentence}`. Another user's conversation is answered exactly as one that never existed. */
export const renderError: ErrorRenderer = (thrown, request) => {
  const error = thrown.code === 'chat-not-yours' ? new DomainError('chat-not-found') : thrown;
  return {
    status: statusByCode[error.code] ?? statusOf[error.kind],
    body: { error: sentenceFor(error, request, sentences) },
  };
};
