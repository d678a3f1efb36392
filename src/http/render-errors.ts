import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../core/errors.ts';
import { toDomainError } from './to-domain-error.ts';

/** An error as one API words it. */
export type ErrorAnswer = { status: number; body: unknown; headers?: Record<string, string> };
export type ErrorRenderer = (error: DomainError, request: FastifyRequest) => ErrorAnswer;

/** Makes a scope answer its failures in its own words. What nobody foresaw is logged with its cause, which no client sees. */
export function renderErrors(scope: FastifyInstance, render: ErrorRenderer): void {
  scope.setErrorHandler((thrown, request, reply) =>
    sendError(toDomainError(thrown), { request, reply, render }),
  );
}

/** Answers with an error; adds `Retry-After` (seconds) wherever trying again later is the advice. */
export function sendError(
  error: DomainError,
  { request, reply, render }: { request: FastifyRequest; reply: FastifyReply; render: ErrorRenderer },
): FastifyReply {
  if (error.kind === 'internal') {
    request.log.error({ requestId: request.id, err: error.cause ?? error }, 'A request failed');
  }
  const { status, body, headers } = render(error, request);
  const retryAfter = error.retryAfterSeconds ?? defaultRetryAfter(error);
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
  // Whatever the handler had in mind to send, this is what is sent.
  reply.headers({ 'content-type': 'application/json; charset=utf-8', ...headers });
  // The status has a schema for its good answers only: errors are written as they are.
  reply.serializer(JSON.stringify);
  return reply.code(status).send(body);
}

function defaultRetryAfter({ kind, code }: DomainError): number | undefined {
  if (kind === 'unavailable' || kind === 'rate-limited') return 5;
  return code === 'request-in-flight' ? 1 : undefined;
}
