import type { FastifyRequest } from 'fastify';

/** The key under which a send counts once: the `Idempotency-Key` header, else what the body gave. The core checks its form. */
export function readIdempotencyKey(request: FastifyRequest, fromBody?: string | null): string | undefined {
  const key = request.headers['idempotency-key'] ?? fromBody ?? undefined;
  return Array.isArray(key) ? key.join(', ') : key;
}
