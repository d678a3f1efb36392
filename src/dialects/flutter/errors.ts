import type { FastifyRequest } from 'fastify';
import type { DomainError, ErrorCode, ErrorKind } from '../../core/errors.ts';
import type { ErrorRenderer } from '../kit/define-dialect.ts';
import { sentenceFor, type Sentences } from '../kit/sentence-for.ts';
import { toProblems } from './problems.ts';

const status: Record<ErrorKind, number> = {
  invalid: 422,
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

const statusOfCode: Partial<Record<ErrorCode, number>> = { 'username-taken': 400, 'email-taken': 400 };

const badToken = 'Could not validate credentials';

/** What it says otherwise than `docs/errors.md`. */
export const sentences: Sentences = {
  'username-taken': 'Username already registered',
  'email-taken': 'Email already registered',
  'credentials-wrong': 'Incorrect username or password',
  'credentials-missing': 'Not authenticated',
  'token-invalid': badToken,
  'token-expired': badToken,
  'session-ended': badToken,
  'chat-not-yours': 'Not authorized to access this chat',
  'route-not-found': 'Not Found',
  'method-not-allowed': 'Method Not Allowed',
};

/** `{"detail": sentence}`, and a list of what is wrong with which field for a body that was not understood. */
export const renderError: ErrorRenderer = (error, request) => ({
  status: statusOfCode[error.code] ?? status[error.kind],
  body: { detail: detailOf(error, request) },
  ...(error.kind === 'unauthenticated' ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
});

const detailOf = (error: DomainError, request: FastifyRequest) =>
  error.kind === 'invalid' ? toProblems(error, request.body) : sentenceFor(error, request, sentences);
