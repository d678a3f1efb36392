import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import { toDomainError } from './to-domain-error.ts';

export type MultipartForm = { fields: Map<string, string>; files: Map<string, Buffer> };

/** Lets the routes of a scope read multipart forms, with at most one file of so many bytes. */
export async function acceptMultipart(
  scope: FastifyInstance,
  limits: { fileBytes: number; fieldBytes: number },
): Promise<void> {
  await scope.register(multipart, {
    limits: { files: 1, fields: 20, parts: 21, fileSize: limits.fileBytes, fieldSize: limits.fieldBytes },
  });
}

/** A whole multipart form; empty files are left out. @throws DomainError `body-too-large`, `key-forbidden`, `request-malformed` */
export async function readMultipart(request: FastifyRequest): Promise<MultipartForm> {
  try {
    return await readParts(request);
  } catch (thrown) {
    const error = toDomainError(thrown);
    // What the parser of the form complains about is the caller's fault.
    throw error.kind === 'internal' ? new DomainError('request-malformed', { cause: thrown }) : error;
  }
}

async function readParts(request: FastifyRequest): Promise<MultipartForm> {
  const form: MultipartForm = { fields: new Map(), files: new Map() };
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (bytes.length > 0) form.files.set(part.fieldname, bytes);
    } else if (part.valueTruncated) throw new DomainError('body-too-large');
    else form.fields.set(part.fieldname, String(part.value));
  }
  return form;
}
