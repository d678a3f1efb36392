import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../core/errors.ts';

/** Why an event of a socket failed. What nobody foresaw is logged with its cause, which no client sees. */
export function knownFailure(app: FastifyInstance, thrown: unknown): DomainError {
  const error = DomainError.from(thrown);
  const isNews = error.kind === 'internal' && !hasLeft(thrown);
  if (isNews) app.log.error({ err: error.cause ?? error }, 'An event of a socket failed');
  return error;
}

/** Whoever asked has gone: nobody hears the answer. */
const hasLeft = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'AbortError';
