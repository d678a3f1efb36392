import type { FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import { toDomainError } from './to-domain-error.ts';

export type ReceivedFile = { name: string; bytes: AsyncIterable<Uint8Array> };

/**
 * Gives the file of a multipart form to `take` while it comes in. The route's scope needs `acceptMultipart`.
 * @throws DomainError `fields-missing` where the form has no such file, `request-malformed` where it breaks off; whatever `take` throws
 */
export async function receiveFile<Result>(
  request: FastifyRequest,
  field: string,
  take: (file: ReceivedFile) => Promise<Result>,
): Promise<Result> {
  try {
    if (request.isMultipart()) {
      for await (const part of request.parts()) {
        if (part.type !== 'file') continue;
        if (part.fieldname === field) return await take({ name: part.filename, bytes: part.file });
        part.file.resume();
      }
    }
  } catch (thrown) {
    const error = toDomainError(thrown);
    // What the parser of the form complains about, and a client that leaves, is the caller's fault.
    throw error.kind === 'internal' ? new DomainError('request-malformed', { cause: thrown }) : error;
  } finally {
    // What is left of a form that was refused is read and dropped, so that the client hears why.
    request.raw.unpipe();
    request.raw.resume();
  }
  throw new DomainError('fields-missing', { details: [{ field, problem: 'is required' }] });
}
