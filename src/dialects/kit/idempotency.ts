import type { FastifyRequest } from 'fastify';
import { readIdempotencyKey } from '../../http/idempotency-key.ts';

/** The key of a send, as the core takes it: from the `Idempotency-Key` header, else from the body's `client_message_id`. */
export function idempotencyOf(
  request: FastifyRequest,
  clientMessageId?: string | null,
): { idempotencyKey?: string } {
  const idempotencyKey = readIdempotencyKey(request, clientMessageId);
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}
