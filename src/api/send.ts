import Type, { type Static } from 'typebox';
import type { ChatUuid } from '../core/chats/chat.ts';
import type { Core, SendMessage } from '../core/core.ts';
import type { MessageUuid } from '../core/messages/message.ts';
import type { Actor } from '../core/ports.ts';
import { readIdempotencyKey } from '../http/idempotency-key.ts';
import type { SseEvent } from '../realtime/sse-frame.ts';
import type { ApiRoutes } from './api-options.ts';
import { message as example } from './examples.ts';
import { chatKey, ChatParams } from './parameters.ts';
import { problems } from './problem.ts';
import { encodeReplyEvents } from './reply-events.ts';
import { eventStream, streamEvents } from './stream-events.ts';
import { presentMessage, presentReply, refTo, SentWire } from './wire.ts';

const nullableText = (description: string) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], description }));
const SendBody = Type.Object(
  {
    text: Type.String({ description: 'Up to 100,000 characters of valid Unicode, kept as they are.' }),
    type: Type.Optional(Type.String({ description: 'What it is, in a lower-case word; without it `text`.' })),
    image_url: nullableText('An image to show the AI.'),
    media_urls: Type.Optional(Type.Array(Type.String(), { description: 'Stored, and never fetched.' })),
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
  },
  { additionalProperties: false, examples: [{ text: example.text }] },
);
const SendHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'The same key and content give the same message and reply, however often, for at least 24 hours.',
    }),
  ),
});
const sendCodes = [
  'chat-not-found',
  'text-empty',
  'text-too-long',
  'text-not-unicode',
  'idempotency-key-invalid',
  'idempotency-key-reused',
  'request-in-flight',
  'images-unsupported',
  'too-many-waiting',
  'too-many-readers',
  'origin-refused',
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
          ...problems({ codes: sendCodes }),
        },
      },
    },
    async (request, reply) => {
      const { actor, body, params } = request;
      const idempotencyKey = readIdempotencyKey(request, body.client_message_id);
      const input = toSendMessage(body, { chat: chatKey(params), idempotencyKey });
      if (/\btext\/event-stream\b/i.test(request.headers.accept ?? '')) {
        // The message is sent when the stream has its place: one reader too many must not leave a message behind.
        const events = (signal: AbortSignal) => sendAndFollow(core, actor, { input, signal });
        return streamEvents({ request, reply, streams }, { awaitsFirst: true, events });
      }
      const sent = await core.messages.send(actor, input);
      if (sent.duplicate) reply.header('idempotency-replayed', 'true');
      reply.code(202).header('location', `/api/v1/replies/${sent.reply.uuid}`);
      return { message: presentMessage(sent.message), reply: presentReply(sent.reply) };
    },
  );
};

function toSendMessage(
  body: Static<typeof SendBody>,
  { chat, idempotencyKey }: { chat: ChatUuid; idempotencyKey: string | undefined },
): SendMessage {
  return {
    chat,
    text: body.text,
    imageUrl: body.image_url ?? null,
    replyToUuid: (body.reply_to_id?.toLowerCase() ?? null) as MessageUuid | null,
    ...(body.type === undefined ? {} : { kind: body.type }),
    ...(body.media_urls === undefined ? {} : { mediaUrls: body.media_urls }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

async function* sendAndFollow(
  core: Core,
  actor: Actor,
  { input, signal }: { input: SendMessage; signal: AbortSignal },
): AsyncGenerator<SseEvent, void, void> {
  const { message, reply } = await core.messages.send(actor, input);
  const sent = { message: presentMessage(message), reply: presentReply(reply) };
  yield { event: 'message', id: '0', data: JSON.stringify(sent) };
  yield* encodeReplyEvents(core.replies.follow(actor, reply.uuid, { after: 0, signal }));
}
