import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Attachment, AttachmentUuid } from '../core/attachments/attachment.ts';
import type { Core } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import { authenticateRoutes } from './authenticate.ts';

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
        description: 'Its own content type, as an attachment; pictures are shown.',
        params: {
          type: 'object',
          properties: { uuid: { type: 'string' } },
          required: ['uuid'],
        },
      },
    },
    async ({ actor, params: { uuid } }, reply) => {
      if (!uuidPattern.test(uuid)) throw new DomainError('attachment-not-found');
      const { attachment, bytes } = await core.attachments.read(actor, uuid as AttachmentUuid);
      return reply.headers(headersOf(attachment)).send(Readable.from(bytes));
    },
  );
}

const headersOf = ({ mediaType, sizeBytes, name }: Attachment) => ({
  'content-type': mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType,
  'content-length': String(sizeBytes),
  'content-disposition': `${shownInline.has(mediaType) ? 'inline' : 'attachment'}; ${fileName(name)}`,
  'content-security-policy': filePolicy,
});

/** RFC 6266: a plain name for old clients, and the true one. */
function fileName(name: string): string {
  const plain = name.replaceAll(/[^\w .-]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
