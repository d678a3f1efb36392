import { Type } from 'typebox';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Message, MessageId } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idempotencyOf } from '../kit/idempotency.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { waitForReply } from '../kit/wait-for-reply.ts';
import { PageQuery, Pagination, readPage, toPagination } from './pages.ts';
import { checkSender, checkText, requireBody } from './rules.ts';
import { SessionParams, toSessionId } from './sessions.ts';
import { MessageBody, SentenceBody, toMessage } from './wire.ts';

const tags = ['chat-sessions: messages'];
const user = { access: 'user' } as const;
const path = `/chat/sessions/${idParam('sessionId')}/messages`;
const MessageParams = Type.Object({ ...SessionParams.properties, messageId: Type.String() });
const SendBody = Type.Object(
  {
    text: Type.Optional(Type.Unknown()),
    sender: Type.Optional(Type.Unknown()),
    reply: Type.Optional(Type.Boolean({ description: 'Have this server answer too' })),
    client_message_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  },
  { examples: [{ text: 'What is 12% of 80?', sender: 'user', reply: true }] },
);
const TextBody = Type.Object(
  { text: Type.Optional(Type.Unknown()) },
  { examples: [{ text: 'What is 12% of 90?' }] },
);
const messagesPerPage = 50;

/** "Chat Endpoints", of messages. */
export const messages: Section = async (app, { core }) => {
  // Send Message
  app.post(
    path,
    {
      config: { access: 'user', limit: 'send' },
      schema: {
        tags,
        summary: 'Store a message; with `reply` this server answers it',
        params: SessionParams,
        body: SendBody,
        response: {
          201: Type.Object({
            message: Type.String(),
            message_data: MessageBody,
            ai_message: Type.Optional(MessageBody),
          }),
        },
      },
    },
    async (request, reply) => {
      const { actor, params } = request;
      const chat = toSessionId(params);
      await core.chats.find(actor, chat);
      const body = requireBody(request.body);
      const role = checkSender(body.sender);
      const input = { chat, text: checkText(body.text), ...idempotencyOf(request, body.client_message_id) };
      const message = 'Message sent successfully';
      if (body.reply !== true || role === 'assistant') {
        const added = await core.messages.add(actor, { ...input, role });
        return reply.code(201).send({ message, message_data: toMessage(added.message) });
      }
      const sent = await core.messages.send(actor, input);
      const answer = await waitForReply(core, reply, sent);
      return reply
        .code(201)
        .send({ message, message_data: toMessage(sent.message), ai_message: toMessage(answer) });
    },
  );

  // Get Messages
  app.get(
    path,
    {
      config: user,
      schema: {
        tags,
        summary: 'The messages of a session, oldest first, by pages',
        params: SessionParams,
        querystring: PageQuery,
        response: { 200: Type.Object({ messages: Type.Array(MessageBody), pagination: Pagination }) },
      },
    },
    async ({ actor, params, query }) => {
      const chat = toSessionId(params);
      await core.chats.find(actor, chat);
      const page = readPage(query, messagesPerPage);
      const found = await core.messages.page(actor, chat, page);
      return { messages: found.messages.map(toMessage), pagination: toPagination(page, found.total) };
    },
  );

  // Clear All Messages
  app.delete(
    path,
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete the messages of a session',
        params: SessionParams,
        response: { 200: SentenceBody },
      },
    },
    async ({ actor, params }) => {
      await core.chats.clear(actor, toSessionId(params));
      return { message: 'All messages cleared successfully' };
    },
  );

  app.get(
    `${path}/${idParam('messageId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'A message',
        params: MessageParams,
        response: { 200: Type.Object({ message_data: MessageBody }) },
      },
    },
    async ({ actor, params }) => ({ message_data: toMessage(await findIn(core, actor, params)) }),
  );

  // Update Message
  app.put(
    `${path}/${idParam('messageId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Replace the text of a message',
        params: MessageParams,
        body: TextBody,
        response: { 200: Type.Object({ message: Type.String(), message_data: MessageBody }) },
      },
    },
    async ({ actor, params, body }) => {
      const { id } = await findIn(core, actor, params);
      const edited = await core.messages.edit(actor, id, { text: checkText(requireBody(body).text) });
      return { message: 'Message updated successfully', message_data: toMessage(edited) };
    },
  );

  // Delete Message
  app.delete(
    `${path}/${idParam('messageId')}`,
    {
      config: user,
      schema: { tags, summary: 'Delete a message', params: MessageParams, response: { 200: SentenceBody } },
    },
    async ({ actor, params }) => {
      await core.messages.delete(actor, (await findIn(core, actor, params)).id);
      return { message: 'Message deleted successfully' };
    },
  );
};

/** The message of a path, which must be in its session. @throws DomainError `chat-not-*`, `message-not-found` */
async function findIn(
  core: Core,
  actor: Actor,
  params: { sessionId: string; messageId: string },
): Promise<Message> {
  const chat = await core.chats.find(actor, toSessionId(params));
  const message = await core.messages.find(
    actor,
    toIntegerId<MessageId>(params.messageId, 'message-not-found'),
  );
  if (message.chatId !== chat.id) throw new DomainError('message-not-found');
  return message;
}
