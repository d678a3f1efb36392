import type { FastifyRequest } from 'fastify';
import type { DomainError, ErrorCode } from '../../core/errors.ts';

/** What a dialect says instead of the core's sentence. */
export type Sentences = Partial<Record<ErrorCode, string>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What this route says instead of its dialect's sentence. */
    sentences?: Sentences;
  }
}

/** The sentence for a failure: the route's, else the dialect's, else what is wrong with the first field, else the core's. */
export function sentenceFor(error: DomainError, request: FastifyRequest, ofDialect: Sentences): string {
  const ofRoute: Sentences | undefined = request.routeOptions.config?.sentences;
  const [detail] = error.details;
  return (
    ofRoute?.[error.code] ??
    ofDialect[error.code] ??
    (error.code === 'field-invalid' && detail ? `${detail.field} ${detail.problem}`.trim() : error.message)
  );
}
