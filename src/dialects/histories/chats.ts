import { Type } from 'typebox';
import type { ChatId } from '../../core/chats/chat.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { readAllChats, readAllMessages } from '../kit/read-all.ts';
import { showPictures } from './show-pictures.ts';
import { ChatBody, ChatWithMessagesBody, SentenceBody, toChat, toChatWithMessages } from './wire.ts';

const tags = ['histories: chats'];
const user = { access: 'user' } as const;
export const ChatParams = Type.Object({ chatId: Type.String() });
export const toChatId = ({ chatId }: { chatId: string }) => toIntegerId<ChatId>(chatId, 'chat-not-found');

/** "Chat Routes". */
export const chats: Section = async (app, { core }) => {
  // Get All Chats
  app.get(
    '/api/chat/histories',
    {
      config: user,
      schema: { tags, summary: 'All my chats, newest change first', response: { 200: Type.Array(ChatBody) } },
    },
    async ({ actor }) => (await readAllChats(core, actor)).map(toChat),
  );

  // Create New Chat
  app.post(
    '/api/chat/create',
    {
      config: user,
      schema: {
        tags,
        summary: 'Create a chat',
        body: Type.Object(
          { title: Type.Optional(Type.Union([Type.String(), Type.Null()])) },
          { examples: [{ title: 'Notes on the engine' }] },
        ),
        response: { 201: ChatWithMessagesBody },
      },
    },
    async ({ actor, body: { title } }, reply) => {
      const chat = await core.chats.create(actor, title ? { title } : {});
      return reply.code(201).send(toChatWithMessages(chat, []));
    },
  );

  // Get Specific Chat
  app.get(
    `/api/chat/${idParam('chatId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'A chat with its messages',
        params: ChatParams,
        response: { 200: ChatWithMessagesBody },
      },
    },
    async ({ actor, params }) => {
      const chat = await core.chats.find(actor, toChatId(params));
      const messages = await readAllMessages(core, actor, chat.id);
      return toChatWithMessages(chat, await showPictures(core, actor, messages));
    },
  );

  // Delete Chat
  app.delete(
    `/api/chat/${idParam('chatId')}/delete`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete a chat with its messages',
        params: ChatParams,
        response: { 200: SentenceBody },
      },
    },
    async ({ actor, params }) => {
      await core.chats.delete(actor, toChatId(params));
      return { message: 'Chat deleted successfully' };
    },
  );

  // Clear Chat Messages
  app.post(
    `/api/chat/${idParam('chatId')}/clear`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete the messages of a chat',
        params: ChatParams,
        response: { 200: SentenceBody },
      },
    },
    async ({ actor, params }) => {
      await core.chats.clear(actor, toChatId(params));
      return { message: 'Chat cleared successfully' };
    },
  );
};
