import Type, { type Static } from 'typebox';
import type { BranchMessage } from '../core/core.ts';
import type { MessageUuid } from '../core/messages/message.ts';
import { readIdempotencyKey } from '../http/idempotency-key.ts';
import { answerSend } from './answer-send.ts';
import type { ApiRoutes } from './api-options.ts';
import { message as example } from './examples.ts';
import { attachmentKey, chatKey, ChatParams } from './parameters.ts';
import { problems } from './problem.ts';
import { eventStream } from './stream-events.ts';
import { refTo, SentWire } from './wire.ts';

const nullableText = (description: string) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], description }));
const text = Type.String({ description: 'Up to 100,000 characters of valid Unicode, kept as they are.' });
const besideText = {
  type: Type.Optional(Type.String({ description: 'What it is, in a lower-case word; without it `text`.' })),
  image_url: nullableText('An image to show the AI.'),
  media_urls: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Addresses, stored as they are. The AI is shown those whose names say that they are images, as it is `image_url`, and told of the others.',
    }),
  ),
  attachment_ids: Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), {
      description: 'Files for the message to carry; their addresses are added to `media_urls`.',
    }),
  ),
  reply_to_id: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'uuid',
      description: 'The message of this chat that it replies to.',
    }),
  ),
  client_message_id: nullableText(
    'Does what the `Idempotency-Key` header does, where a header cannot be sent.',
  ),
};
const SendBody = Type.Object(
  { text, ...besideText },
  { additionalProperties: false, examples: [{ text: example.text }] },
);

/** The same where every part may stay as it was. */
export const ContentBody = Type.Object(
  { text: Type.Optional(text), ...besideText },
  { additionalProperties: false, examples: [{ text: example.text }, {}] },
);
export const SendHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'The same key and content give the same message and reply, however often, for at least 24 hours.',
    }),
  ),
});
export const sendCodes = [
  'text-empty',
  'text-too-long',
  'text-not-unicode',
  'attachment-not-found',
  'attachment-taken',
  'idempotency-key-invalid',
  'idempotency-key-reused',
  'request-in-flight',
  'images-unsupported',
  'too-many-waiting',
  'daily-limit-reached',
  'too-many-readers',
  'origin-refused',
] as const;

/** Of an image that is too long for a message, and becomes a file. */
const pictureCodes = [
  'file-type-refused',
  'file-too-large',
  'image-too-large',
  'quota-exceeded',
  'too-many-files',
  'files-unavailable',
] as const;

/** Saying something, and being answered. */
export const sendRoutes: ApiRoutes = async (app, { core, streams }) => {
  const tags = ['messages'];
  const config = { access: 'user', limit: 'send' } as const;

  app.post(
    '/chats/:id/messages',
    {
      config,
      schema: {
        tags,
        operationId: 'sendMessage',
        summary: 'Say something',
        description:
          'Stores the message and opens the reply; both are durable when this answers. The reply is written whether or not anybody follows it. With `Accept: text/event-stream` the answer is the stream of its events.',
        params: ChatParams,
        headers: SendHeaders,
        body: SendBody,
        response: {
          202: refTo(SentWire),
          200: eventStream('First `message` with what 202 carries, then the events of the reply.'),
          ...problems({
            body: true,
            codes: ['chat-not-found', 'message-not-found', ...sendCodes, ...pictureCodes],
          }),
        },
      },
    },
    async (request, reply) => {
      const { actor, body, params } = request;
      const idempotencyKey = readIdempotencyKey(request, body.client_message_id);
      const input = {
        ...toContent(body, idempotencyKey),
        chat: chatKey(params),
        text: body.text,
      };
      return answerSend({ request, reply, streams, core }, () => core.messages.send(actor, input));
    },
  );
};

/** A body in the words of the core; what is left out stays out. */
export function toContent(
  body: Static<typeof ContentBody>,
  idempotencyKey: string | undefined,
): BranchMessage {
  const { text: said, type: kind, image_url: imageUrl, media_urls: mediaUrls } = body;
  const { reply_to_id: replyTo, attachment_ids: files } = body;
  return {
    ...(said === undefined ? {} : { text: said }),
    ...(imageUrl === undefined ? {} : { imageUrl }),
    ...(replyTo === undefined ? {} : { replyToUuid: (replyTo?.toLowerCase() ?? null) as MessageUuid | null }),
    ...(kind === undefined ? {} : { kind }),
    ...(mediaUrls === undefined ? {} : { mediaUrls }),
    ...(files === undefined ? {} : { attachments: files.map((id) => attachmentKey({ id })) }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}
