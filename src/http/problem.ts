import type { DomainError, ErrorKind } from '../core/errors.ts';
import type { ErrorAnswer } from './render-errors.ts';

/** What each kind of failure is in HTTP, for whoever has no other contract. */
export const statusOf: Record<ErrorKind, number> = {
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

/** RFC 9457, with our code and, where fields are wrong, which and why. */
export function renderProblem(error: DomainError): ErrorAnswer {
  const status = statusOf[error.kind];
  const errors = error.details.length > 0 ? { errors: error.details } : {};
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: { type: 'about:blank', title: error.message, status, code: error.code, ...errors },
  };
}
