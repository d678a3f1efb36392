import Type, { type Static } from 'typebox';
import type { Attachment } from '../core/attachments/attachment.ts';
import { attachmentUrl } from '../core/attachments/attachment-url.ts';
import { acceptMultipart } from '../http/multipart.ts';
import { receiveFile } from '../http/receive-file.ts';
import type { ApiRoutes } from './api-options.ts';
import { attachment as example } from './examples.ts';
import { isoTime } from './iso-time.ts';
import { AttachmentParams, attachmentKey } from './parameters.ts';
import { problems } from './problem.ts';
import { Id, nullable, refTo, resource, Time } from './wire.ts';

export const AttachmentWire = resource(
  'Attachment',
  Type.Object(
    {
      id: Id,
      name: Type.String({ description: 'What its client called it.' }),
      media_type: Type.String({ description: 'By its content, whatever its name says.' }),
      size_bytes: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ description: 'Of its content, in hex.' }),
      width: nullable(Type.Integer({ description: 'In pixels, of an image.' })),
      height: nullable(Type.Integer({ description: 'In pixels, of an image.' })),
      url: Type.String({ description: 'Where its bytes are, for its owner.' }),
      created_at: Time,
    },
    { description: 'A file that was uploaded.', examples: [example] },
  ),
);

const UploadForm = Type.Object(
  { file: Type.Unsafe<unknown>({ type: 'string', contentMediaType: 'application/octet-stream' }) },
  { description: 'A form with one file.', examples: [{ file: 'From the Arabic al-jabr.' }] },
);

/** Files for messages to carry. */
export const attachmentRoutes: ApiRoutes = async (app, { core }) => {
  const tags = ['attachments'];
  const config = { access: 'user' } as const;
  // The core bounds the file.
  await acceptMultipart(app, { fileBytes: Number.MAX_SAFE_INTEGER, fieldBytes: 16 * 1024 });

  app.post(
    '/attachments',
    {
      config: { access: 'user', limit: 'send' },
      // The form is read as it comes in, after the checks.
      validatorCompiler: () => () => true,
      schema: {
        tags,
        operationId: 'createAttachment',
        summary: 'Upload a file',
        description:
          'An image, audio, PDF or plain text. It goes after a day unless a message carries it, and with that message.',
        consumes: ['multipart/form-data'],
        body: UploadForm,
        response: {
          201: refTo(AttachmentWire),
          ...problems({
            codes: [
              'file-empty',
              'file-too-large',
              'image-too-large',
              'quota-exceeded',
              'file-type-refused',
              'too-many-files',
              'files-unavailable',
              'origin-refused',
            ],
          }),
        },
      },
    },
    async (request, reply) => {
      const stored = await receiveFile(request, 'file', (file) =>
        core.attachments.store(request.actor, file),
      );
      reply.code(201).header('location', `/api/v1/attachments/${stored.uuid}`);
      return presentAttachment(stored);
    },
  );

  app.get(
    '/attachments/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getAttachment',
        summary: 'What is known of a file',
        description: 'Its bytes are at its `url`.',
        params: AttachmentParams,
        response: { 200: refTo(AttachmentWire), ...problems({ codes: ['attachment-not-found'] }) },
      },
    },
    async ({ actor, params }) => presentAttachment(await core.attachments.find(actor, attachmentKey(params))),
  );

  app.delete(
    '/attachments/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteAttachment',
        summary: 'Remove a file',
        description: 'A message that carries it keeps its address, which leads nowhere from then on.',
        params: AttachmentParams,
        response: {
          204: Type.Null({ description: 'It is gone.' }),
          ...problems({ codes: ['attachment-not-found', 'files-unavailable', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params }, reply) => {
      await core.attachments.remove(actor, attachmentKey(params));
      return reply.code(204).send(null);
    },
  );
};

const presentAttachment = (attachment: Attachment): Static<typeof AttachmentWire> => ({
  id: attachment.uuid,
  name: attachment.name,
  media_type: attachment.mediaType,
  size_bytes: attachment.sizeBytes,
  sha256: attachment.sha256,
  width: attachment.width,
  height: attachment.height,
  url: attachmentUrl(attachment.uuid),
  created_at: isoTime(attachment.createdAt),
});
