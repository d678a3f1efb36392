import type { FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';

/**
 * The key under which a send counts once: the `Idempotency-Key` header, else what the body gave (`client_message_id`).
 * @throws DomainError `idempotency-key-invalid`
 */
export function readIdempotencyKey(request: FastifyRequest, fromBody?: string | null): string | undefined {
  const key = request.headers['idempotency-key'] ?? fromBody ?? undefined;
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new DomainError('idempotency-key-invalid');
  }
  return key;
}
