import { Type } from 'typebox';
import { attachmentUrl } from '../../core/attachments/attachment-url.ts';
import type { Section } from '../kit/define-dialect.ts';
import { acceptMultipart } from '../kit/multipart.ts';
import { receiveFile } from '../kit/receive-file.ts';

/** What the app sends media with, although the README does not list it. */
export const uploads: Section = async (app, { core }) => {
  // The core bounds the file.
  await acceptMultipart(app, { fileBytes: Number.MAX_SAFE_INTEGER, fieldBytes: 16 * 1024 });

  app.post(
    '/upload/',
    {
      config: { access: 'user', limit: 'send' },
      schema: {
        tags: ['flutter: uploads'],
        summary: 'Upload a file',
        description:
          'A form with a `file`. Its `url` may stand in `media_urls`; a file in no message goes after a day.',
        consumes: ['multipart/form-data'],
        response: { 200: Type.Object({ url: Type.String() }) },
      },
    },
    async (request) => {
      const { uuid } = await receiveFile(request, 'file', (file) =>
        core.attachments.store(request.actor, file),
      );
      return { url: attachmentUrl(uuid) };
    },
  );
};
