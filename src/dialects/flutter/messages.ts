import { Type } from 'typebox';
import type { MessageUuid } from '../../core/messages/message.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idempotencyOf } from '../kit/idempotency.ts';
import { readAllMessages } from '../kit/read-all.ts';
import { waitForReply } from '../kit/wait-for-reply.ts';
import { ChatParams, toChatUuid } from './chats.ts';
import { MessageBody, toMessage } from './wire.ts';

const tags = ['flutter: messages'];
const user = { access: 'user' } as const;
const optionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const SendBody = Type.Object(
  {
    content: Type.String(),
    type: optionalText,
    media_urls: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
    reply_to_id: optionalText,
    client_message_id: optionalText,
  },
  { examples: [{ content: 'What is 12% of 80?' }] },
);

/** The messages of "Chat Management". */
export const messages: Section = async (app, { core }) => {
  // GET /chats/{chat_id}/messages/
  app.get(
    '/chats/:chatId/messages/',
    {
      config: user,
      schema: {
        tags,
        summary: 'All messages of a chat, oldest first',
        params: ChatParams,
        response: { 200: Type.Array(MessageBody) },
      },
    },
    async ({ actor, params }) => (await readAllMessages(core, actor, toChatUuid(params))).map(toMessage),
  );

  // POST /chats/{chat_id}/messages/
  app.post(
    '/chats/:chatId/messages/',
    {
      config: { access: 'user', limit: 'send' },
      schema: {
        tags,
        summary: 'Send a message; answers when the AI’s reply is stored, with the message that was sent',
        params: ChatParams,
        body: SendBody,
        response: { 200: MessageBody },
      },
    },
    async (request, reply) => {
      const { actor, params, body } = request;
      const sent = await core.messages.send(actor, {
        chat: toChatUuid(params),
        text: body.content,
        kind: body.type || 'text',
        mediaUrls: body.media_urls ?? [],
        replyToUuid: (body.reply_to_id || null) as MessageUuid | null,
        ...idempotencyOf(request, body.client_message_id),
      });
      await waitForReply(core, reply, sent);
      return toMessage(sent.message);
    },
  );
};
