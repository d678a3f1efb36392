import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../core/errors.ts';

/** The token of the `Authorization` header, for a route that takes another than the access token. @throws DomainError `credentials-missing`, `token-invalid` */
export function bearerToken({ headers: { authorization } }: FastifyRequest): string {
  if (authorization === undefined) throw new DomainError('credentials-missing');
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw new DomainError('token-invalid');
  return token;
}
