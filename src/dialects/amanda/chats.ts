import { Type } from 'typebox';
import type { ChatId } from '../../core/chats/chat.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { readAllChats, readAllMessages } from '../kit/read-all.ts';
import { ChatBody, lastMessageAt, MessageBody, Success, toChat, toMessage } from './wire.ts';

const tags = ['amanda: chats'];
const user = { access: 'user' } as const;
const ChatParams = Type.Object({ chatId: Type.String() });
const toChatId = ({ chatId }: { chatId: string }) => toIntegerId<ChatId>(chatId, 'chat-not-found');

/** "Chat Endpoints", and what the clients call beside them. */
export const chats: Section = async (app, { core }) => {
  app.get(
    '/api/chat/list',
    {
      config: user,
      schema: {
        tags,
        summary: 'All my chats, newest message first',
        response: { 200: Type.Object({ chats: Type.Array(ChatBody) }) },
      },
    },
    async ({ actor }) => {
      const all = await readAllChats(core, actor);
      const sorted = all.toSorted(
        (one, other) => lastMessageAt(other).getTime() - lastMessageAt(one).getTime() || other.id - one.id,
      );
      return { chats: sorted.map(toChat) };
    },
  );

  app.post(
    '/api/chat/create',
    {
      config: user,
      schema: {
        tags,
        summary: 'Create a chat',
        body: Type.Object(
          { title: Type.Optional(Type.Union([Type.String(), Type.Null()])) },
          { examples: [{ title: 'Notes on radio' }] },
        ),
        response: {
          201: Type.Object({
            chat_id: ChatBody.properties.id,
            title: ChatBody.properties.title,
            created_at: ChatBody.properties.created_at,
          }),
        },
      },
    },
    async ({ actor, body: { title } }, reply) => {
      const { id, ...chat } = toChat(await core.chats.create(actor, title ? { title } : {}));
      return reply.code(201).send({ chat_id: id, title: chat.title, created_at: chat.created_at });
    },
  );

  app.get(
    `/api/chat/${idParam('chatId')}/messages`,
    {
      config: user,
      schema: {
        tags,
        summary: 'All messages of a chat, oldest first',
        params: ChatParams,
        response: { 200: Type.Object({ messages: Type.Array(MessageBody) }) },
      },
    },
    // What is still being written comes over the socket, from its first word on.
    async ({ actor, params }) => ({
      messages: (await readAllMessages(core, actor, toChatId(params))).map(toMessage),
    }),
  );

  app.put(
    `/api/chat/${idParam('chatId')}/rename`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Rename a chat',
        params: ChatParams,
        body: Type.Object({ title: Type.String() }, { examples: [{ title: 'Radio' }] }),
        response: { 200: Type.Object({ success: Success, title: Type.String() }) },
      },
    },
    async ({ actor, params, body: { title } }) => {
      const chat = await core.chats.update(actor, toChatId(params), { title });
      return { success: true, title: chat.title };
    },
  );

  app.delete(
    `/api/chat/${idParam('chatId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete a chat with its messages',
        params: ChatParams,
        response: { 200: Type.Object({ success: Success }) },
      },
    },
    async ({ actor, params }) => {
      await core.chats.delete(actor, toChatId(params));
      return { success: true };
    },
  );
};
