import type { FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import { toDomainError } from '../http/to-domain-error.ts';

type Received = { bytes: Uint8Array; language?: string };

/**
 * The `file` and the `language` of a multipart form, in any order. The route's scope needs `acceptMultipart`.
 * @throws DomainError `fields-missing` where the form has no file, `file-too-large`, `request-malformed` where it breaks off
 */
export async function receiveRecording(request: FastifyRequest, limitBytes: number): Promise<Received> {
  try {
    const { bytes, language } = request.isMultipart() ? await readParts(request, limitBytes) : {};
    if (bytes !== undefined) return { bytes, ...(language ? { language } : {}) };
  } catch (thrown) {
    const error = toDomainError(thrown);
    // What the parser of the form complains about, and a client that leaves, is the caller's fault.
    throw error.kind === 'internal' ? new DomainError('request-malformed', { cause: thrown }) : error;
  } finally {
    // What is left of a form that was refused is read and dropped, so that the client hears why.
    request.raw.unpipe();
    request.raw.resume();
  }
  throw new DomainError('fields-missing', { details: [{ field: 'file', problem: 'is required' }] });
}

async function readParts(request: FastifyRequest, limitBytes: number): Promise<Partial<Received>> {
  const received: Partial<Received> = {};
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'language') received.language = String(part.value);
    } else if (part.fieldname === 'file') received.bytes = await collect(part.file, limitBytes);
    else part.file.resume();
  }
  return received;
}

async function collect(chunks: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limitBytes) throw new DomainError('file-too-large');
    parts.push(chunk);
  }
  return Buffer.concat(parts, length);
}
