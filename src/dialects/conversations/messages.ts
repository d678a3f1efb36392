import { Type } from 'typebox';
import type { Section } from '../kit/define-dialect.ts';
import { idempotencyOf } from '../kit/idempotency.ts';
import { idParam } from '../kit/integer-id.ts';
import { nullIsMissing } from '../kit/null-is-missing.ts';
import { waitForReply } from '../kit/wait-for-reply.ts';
import { ConversationParams, toChatId } from './chats.ts';
import { MessageBody, toMessage } from './wire.ts';

const SendBody = Type.Object(
  {
    text: Type.String({ minLength: 1 }),
    client_message_id: Type.Optional(Type.String()),
  },
  { examples: [{ text: 'What is 12% of 80?' }] },
);

/** "Conversation Endpoints", the last of them. */
export const messages: Section = async (app, { core }) => {
  nullIsMissing(app);

  // Send Message
  app.post(
    `/api/conversations/${idParam('conversationId')}/messages`,
    {
      config: { access: 'user', limit: 'send', sentences: { 'fields-missing': 'Text is required' } },
      schema: {
        tags: ['conversations: messages'],
        summary: 'Send a message and wait for the reply',
        params: ConversationParams,
        body: SendBody,
        response: {
          201: Type.Array(MessageBody, { description: "The user's message and the bot's" }),
        },
      },
    },
    async (request, reply) => {
      const { actor, params, body } = request;
      const sent = await core.messages.send(actor, {
        chat: toChatId(params),
        text: body.text,
        ...idempotencyOf(request, body.client_message_id),
      });
      const answer = await waitForReply(core, reply, sent);
      return reply.code(201).send([toMessage(sent.message), toMessage(answer)]);
    },
  );
};
