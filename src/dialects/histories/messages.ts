import { Type } from 'typebox';
import type { Core, SentMessage } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { MessageId } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idempotencyOf } from '../kit/idempotency.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { readAllMessages } from '../kit/read-all.ts';
import { waitForReply } from '../kit/wait-for-reply.ts';
import { ChatParams, toChatId } from './chats.ts';
import { formLimitBytes, toImageUrl } from './image.ts';
import { showPictures } from './show-pictures.ts';
import { MessageBody, SentenceBody, toMessage } from './wire.ts';

const tags = ['histories: messages'];
const user = { access: 'user' } as const;
const sending = { access: 'user', limit: 'send' } as const;
const optional = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const image = Type.Optional(
  Type.Union([Type.String(), Type.Null()], { description: 'A URL, a data URL or base64; up to 8 MiB' }),
);
const SendBody = Type.Object(
  {
    text: optional,
    image_url: optional,
    voice_text: optional,
    image,
    client_message_id: optional,
  },
  { examples: [{ text: 'What is 12% of 80?' }] },
);
const ImageQueryBody = Type.Object(
  { image, query: optional, client_message_id: optional },
  { examples: [{ image: 'https://example.org/engine.png', query: 'What is this?' }] },
);

/** "Message Routes". */
export const messages: Section = async (app, { core }) => {
  // Send Message (with AI Response)
  app.post(
    `/api/messages/${idParam('chatId')}/send`,
    {
      bodyLimit: formLimitBytes,
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
      return { user_message: await showSent(core, actor, sent), ai_response: answer, ai_message: answer };
    },
  );

  // Called by the React app although the README does not list it
  app.post(
    `/api/messages/${idParam('chatId')}/send-image-query`,
    {
      bodyLimit: formLimitBytes,
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
      return reply.code(201).send({ user_message: await showSent(core, actor, sent), ai_message: answer });
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
    async ({ actor, params }) => {
      const messages = await readAllMessages(core, actor, toChatId(params));
      return (await showPictures(core, actor, messages)).map(toMessage);
    },
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

async function showSent(core: Core, actor: Actor, { message }: SentMessage) {
  const [shown = message] = await showPictures(core, actor, [message]);
  return toMessage(shown);
}

/** Typed and spoken words are one message; the spoken ones are marked. */
function withVoice(text: string, voice: string): string {
  if (voice === '') return text;
  return text === '' ? `[Voice: ${voice}]` : `${text} [Voice: ${voice}]`;
}
