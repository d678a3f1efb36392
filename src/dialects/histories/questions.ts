import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DomainError } from '../../core/errors.ts';
import { clientGone } from '../kit/client-gone.ts';
import type { Section } from '../kit/define-dialect.ts';
import { acceptMultipart, readMultipart } from '../kit/multipart.ts';
import { formLimitBytes, imageLimitBytes, toDataUrl, toImageUrl } from './image.ts';

const tags = ['histories: questions'];
const unspokenQuestion = 'What is in this image?';

/** What the React app asks outside any chat, although the README does not list it. Nothing is stored. */
export const questions: Section = async (app, { core }) => {
  app.post(
    '/api/chat',
    {
      config: {
        access: 'user',
        limit: 'send',
        sentences: { 'text-empty': emptyMessage, 'fields-missing': emptyMessage },
      },
      schema: {
        tags,
        summary: 'Ask the AI once, outside any chat',
        body: Type.Object({ message: Type.String() }, { examples: [{ message: 'What is 12% of 80?' }] }),
        response: {
          200: Type.Object({ message: Type.String(), reply: Type.String(), response: Type.String() }),
        },
      },
    },
    async ({ actor, body: { message } }, answer) => {
      const reply = await core.replies.ask(actor, { text: message }, clientGone(answer));
      return { message, reply, response: reply };
    },
  );

  await acceptMultipart(app, { fileBytes: imageLimitBytes, fieldBytes: formLimitBytes });
  app.post(
    '/api/chat/image',
    {
      bodyLimit: formLimitBytes,
      config: { access: 'user', limit: 'send' },
      schema: {
        tags,
        summary: 'Ask the AI about an image, outside any chat',
        description:
          'An `image` (a file, base64, a data URL or a URL) and a `question`; multipart, urlencoded or JSON.',
        consumes: ['multipart/form-data', 'application/x-www-form-urlencoded', 'application/json'],
        response: {
          200: Type.Object({ question: Type.String(), reply: Type.String(), response: Type.String() }),
        },
      },
    },
    async (request, answer) => {
      const { image, question } = await readQuestion(request);
      if (image === null) throw new DomainError('image-missing');
      const text = question.trim() === '' ? unspokenQuestion : question;
      const reply = await core.replies.ask(request.actor, { text, imageUrl: image }, clientGone(answer));
      return { question: text, reply, response: reply };
    },
  );
};

const emptyMessage = 'Message cannot be empty';
type Question = { image: string | null; question: string };

async function readQuestion(request: FastifyRequest): Promise<Question> {
  if (request.isMultipart()) {
    const { fields, files } = await readMultipart(request);
    const file = files.get('image');
    const image = file === undefined ? toImageUrl(fields.get('image')) : toDataUrl(file);
    return { image, question: fields.get('question') ?? '' };
  }
  const { image, question } = request.body as { image?: unknown; question?: unknown };
  if (!isText(image) || !isText(question)) throw new DomainError('field-invalid');
  return { image: toImageUrl(image), question: question ?? '' };
}

const isText = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';
