import { Type } from 'typebox';
import type { ChatId } from '../../core/chats/chat.ts';
import { DomainError } from '../../core/errors.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { nullIsMissing } from '../kit/null-is-missing.ts';
import { readAllMessages } from '../kit/read-all.ts';
import { readChatsWithMessages } from '../kit/read-chats-with-messages.ts';
import { ConversationBody, toConversation } from './wire.ts';

const tags = ['conversations: conversations'];
const user = { access: 'user' } as const;
const named = { ...user, sentences: { 'fields-missing': 'Name is required' } } as const;
const name = Type.String({ minLength: 1 });
export const ConversationParams = Type.Object({ conversationId: Type.String() });
export const toChatId = ({ conversationId }: { conversationId: string }) =>
  toIntegerId<ChatId>(conversationId, 'chat-not-found');

/** "Conversation Endpoints". */
export const chats: Section = async (app, { core }) => {
  nullIsMissing(app);

  // Get All Conversations
  app.get(
    '/api/conversations',
    {
      config: user,
      schema: {
        tags,
        summary: 'All my conversations with their messages, newest first',
        response: { 200: Type.Array(ConversationBody) },
      },
    },
    async ({ actor }) => {
      const all = await readChatsWithMessages(core, actor);
      const newestFirst = all.toSorted((one, other) => other.chat.id - one.chat.id);
      return newestFirst.map(({ chat, messages }) => toConversation(chat, messages));
    },
  );

  // Create Conversation
  app.post(
    '/api/conversations',
    {
      config: named,
      schema: {
        tags,
        summary: 'Create a conversation',
        body: Type.Object(
          {
            name,
            created_at: Type.Optional(
              Type.Unknown({ description: 'Sent by some clients; the server goes by its own clock' }),
            ),
          },
          { examples: [{ name: 'Compilers' }] },
        ),
        response: { 201: ConversationBody },
      },
    },
    async ({ actor, body }, reply) => {
      if (body.name.trim() === '') throw new DomainError('title-empty');
      const chat = await core.chats.create(actor, { title: body.name });
      return reply.code(201).send(toConversation(chat, []));
    },
  );

  // Rename Conversation
  app.put(
    `/api/conversations/${idParam('conversationId')}`,
    {
      config: named,
      schema: {
        tags,
        summary: 'Rename a conversation',
        params: ConversationParams,
        body: Type.Object({ name }, { examples: [{ name: 'Notes on compilers' }] }),
        response: { 200: ConversationBody },
      },
    },
    async ({ actor, params, body }) => {
      const chat = await core.chats.update(actor, toChatId(params), { title: body.name });
      return toConversation(chat, await readAllMessages(core, actor, chat.id));
    },
  );

  // Delete Conversation
  app.delete(
    `/api/conversations/${idParam('conversationId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete a conversation with its messages',
        params: ConversationParams,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async ({ actor, params }, reply) => {
      await core.chats.delete(actor, toChatId(params));
      return reply.code(204).send(null);
    },
  );
};
