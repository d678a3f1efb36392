import { Type } from 'typebox';
import { DomainError } from '../../core/errors.ts';
import type { MessageId } from '../../core/messages/message.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idempotencyOf } from '../kit/idempotency.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { readAllMessages } from '../kit/read-all.ts';
import { waitForReply } from '../kit/wait-for-reply.ts';
import { ChatParams, toChatId } from './chats.ts';
import { toImageUrl } from './image.ts';
import { MessageBody, SentenceBody, toMessage } from './wire.ts';

const tags = ['histories: messages'];
const user = { access: 'user' } as const;
const sending = { access: 'user', limit: 'send' } as const;
const optional = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const SendBody = Type.Object(
  {
    text: optional,
    image_url: optional,
    voice_text: optional,
    image: optional,
    client_message_id: optional,
  },
  { examples: [{ text: 'What is 12% of 80?' }] },
);
const ImageQueryBody = Type.Object(
  { image: optional, query: optional, client_message_id: optional },
  { examples: [{ image: 'https://example.org/engine.png', query: 'What is this?' }] },
);

/** "Message Routes". */
export const messages: Section = async (app, { core }) => {
  // Send Message (with AI Response)
  app.post(
    `/api/messages/${idParam('chatId')}/send`,
    {
      config: sending,
      schema: {
        tags,
        summary: 'Send a message and wait for the reply',
        params: ChatParams,
        body: SendBody,
        response: {
          200: Type.Object({ user_message: MessageBody, ai_response: MessageBody, ai_message: MessageBody }),
        },
      },
    },
    async (request, reply) => {
      const { actor, params, body } = request;
      const sent = await core.messages.send(actor, {
        chat: toChatId(params),
        text: withVoice(body.text ?? '', body.voice_text ?? ''),
        imageUrl: body.image_url || toImageUrl(body.image),
        ...idempotencyOf(request, body.client_message_id),
      });
      const answer = toMessage(await waitForReply(core, reply, sent));
      return { user_message: toMessage(sent.message), ai_response: answer, ai_message: answer };
    },
  );

  // Called by the React app although the README does not list it
  app.post(
    `/api/messages/${idParam('chatId')}/send-image-query`,
    {
      config: { ...sending, sentences: { 'image-missing': 'Image data required' } },
      schema: {
        tags,
        summary: 'Send an image, with a question or without, and wait for the reply',
        params: ChatParams,
        body: ImageQueryBody,
        response: { 201: Type.Object({ user_message: MessageBody, ai_message: MessageBody }) },
      },
    },
    async (request, reply) => {
      const { actor, params, body } = request;
      const chat = toChatId(params);
      const imageUrl = toImageUrl(body.image);
      if (imageUrl === null) throw new DomainError('image-missing');
      const sent = await core.messages.send(actor, {
        chat,
        text: body.query ?? '',
        imageUrl,
        ...idempotencyOf(request, body.client_message_id),
      });
      const answer = toMessage(await waitForReply(core, reply, sent));
      return reply.code(201).send({ user_message: toMessage(sent.message), ai_message: answer });
    },
  );

  // Get All Messages in Chat
  app.get(
    `/api/messages/${idParam('chatId')}/messages`,
    {
      config: user,
      schema: {
        tags,
        summary: 'All messages of a chat, oldest first',
        params: ChatParams,
        response: { 200: Type.Array(MessageBody) },
      },
    },
    async ({ actor, params }) => (await readAllMessages(core, actor, toChatId(params))).map(toMessage),
  );

  // Delete Message
  app.delete(
    `/api/messages/${idParam('messageId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete a message',
        params: Type.Object({ messageId: Type.String() }),
        response: { 200: SentenceBody },
      },
    },
    async ({ actor, params }) => {
      await core.messages.delete(actor, toIntegerId<MessageId>(params.messageId, 'message-not-found'));
      return { message: 'Message deleted successfully' };
    },
  );
};

/** Typed and spoken words are one message; the spoken ones are marked. */
function withVoice(text: string, voice: string): string {
  if (voice === '') return text;
  return text === '' ? `[Voice: ${voice}]` : `${text} [Voice: ${voice}]`;
}
