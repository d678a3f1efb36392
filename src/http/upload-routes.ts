import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Attachment, AttachmentUuid } from '../core/attachments/attachment.ts';
import type { Core } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import { allowEmbedding } from './allow-embedding.ts';
import { authenticateRoutes } from './authenticate.ts';
import { readByteRange } from './byte-range.ts';

/** Pictures that a browser draws and nothing else. Everything else it saves. */
const shownInline = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** A file that is opened all the same may load and run nothing. */
const filePolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `GET /uploads/:uuid`: a file that was sent through any API, to its owner. */
export async function uploadRoutes(
  scope: FastifyInstance,
  { core }: { core: Pick<Core, 'sessions' | 'attachments'> },
): Promise<void> {
  authenticateRoutes(scope, { core, accepts: ['bearer', 'cookie'] });
  scope.get<{ Params: { uuid: string } }>(
    '/uploads/:uuid',
    {
      config: { access: 'user' },
      schema: {
        tags: ['server'],
        operationId: 'getUpload',
        summary: 'A file that I uploaded',
        description:
          'Its own content type, as an attachment; pictures are shown. With a `Range` of bytes, that part of it.',
        params: {
          type: 'object',
          properties: { uuid: { type: 'string' } },
          required: ['uuid'],
        },
      },
    },
    async (request, reply) => {
      const { uuid } = request.params;
      if (!uuidPattern.test(uuid)) throw new DomainError('attachment-not-found');
      allowEmbedding(request, reply);
      return sendFile(core.attachments, uuid as AttachmentUuid, { request, reply });
    },
  );
}

type Exchange = { request: FastifyRequest; reply: FastifyReply };

async function sendFile(
  attachments: Core['attachments'],
  uuid: AttachmentUuid,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  const { actor, headers } = request;
  if (headers.range === undefined) {
    const { attachment, bytes } = await attachments.read(actor, uuid);
    return reply.headers(headersOf(attachment)).send(Readable.from(bytes));
  }
  const known = await attachments.find(actor, uuid);
  const total = known.sizeBytes;
  reply.headers(headersOf(known));
  // Who holds a part of another file asks for the whole of this one.
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etagOf(known);
  const range = isSame ? readByteRange(headers.range, total) : undefined;
  if (range === 'unsatisfiable') {
    return reply
      .code(416)
      .headers({ 'content-range': `bytes */${total}`, 'content-length': '0' })
      .send();
  }
  if (range) {
    const { first, last } = range;
    const size = String(last - first + 1);
    reply.code(206).headers({ 'content-range': `bytes ${first}-${last}/${total}`, 'content-length': size });
  }
  const { bytes } = await attachments.read(actor, uuid, range);
  return reply.send(Readable.from(bytes));
}

const etagOf = ({ sha256 }: Attachment) => `"${sha256}"`;

const headersOf = (attachment: Attachment) => {
  const { mediaType, sizeBytes, name } = attachment;
  return {
    'content-type': mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType,
    'content-length': String(sizeBytes),
    'content-disposition': `${shownInline.has(mediaType) ? 'inline' : 'attachment'}; ${fileName(name)}`,
    'content-security-policy': filePolicy,
    'accept-ranges': 'bytes',
    etag: etagOf(attachment),
  };
};

/** RFC 6266: a plain name for old clients, and the true one. */
function fileName(name: string): string {
  const plain = name.replaceAll(/[^\w .-]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
