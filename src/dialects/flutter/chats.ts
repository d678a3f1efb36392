import { Type } from 'typebox';
import type { ChatUuid } from '../../core/chats/chat.ts';
import { DomainError } from '../../core/errors.ts';
import type { Section } from '../kit/define-dialect.ts';
import { readAllChats } from '../kit/read-all.ts';
import { toUuid } from '../kit/uuid-id.ts';
import { presentChat } from './present-chat.ts';
import { ChatBody, lastMessageAt, toChat } from './wire.ts';

const tags = ['flutter: chats'];
const user = { access: 'user' } as const;
export const ChatParams = Type.Object({ chatId: Type.String() });
export const toChatUuid = ({ chatId }: { chatId: string }) => toUuid<ChatUuid>(chatId, 'chat-not-found');

/** "Chat Management". */
export const chats: Section = async (app, { core }) => {
  // GET /chats/
  app.get(
    '/chats/',
    {
      config: user,
      schema: {
        tags,
        summary: 'All my chats, newest message first',
        response: { 200: Type.Array(ChatBody) },
      },
    },
    async ({ actor }) => {
      const chats = (await readAllChats(core, actor)).toSorted(
        (one, other) => lastMessageAt(other).getTime() - lastMessageAt(one).getTime() || other.id - one.id,
      );
      const presented = [];
      for (const chat of chats) {
        try {
          presented.push(await presentChat(core, actor, chat));
        } catch (thrown) {
          // Deleted meanwhile.
          if (!(thrown instanceof DomainError && thrown.code === 'chat-not-found')) throw thrown;
        }
      }
      return presented;
    },
  );

  // POST /chats/
  app.post(
    '/chats/',
    {
      config: user,
      schema: {
        tags,
        summary: 'Create a chat',
        body: Type.Object({ title: Type.String() }, { examples: [{ title: 'Notes on orbits' }] }),
        response: { 200: ChatBody },
      },
    },
    async ({ actor, body: { title } }) => toChat(await core.chats.create(actor, { title })),
  );

  // GET /chats/{chat_id}
  app.get(
    '/chats/:chatId',
    { config: user, schema: { tags, summary: 'A chat', params: ChatParams, response: { 200: ChatBody } } },
    async ({ actor, params }) => presentChat(core, actor, await core.chats.find(actor, toChatUuid(params))),
  );

  // Called by the app although the README does not list it
  app.put(
    '/chats/:chatId',
    {
      config: user,
      schema: {
        tags,
        summary: 'Rename or pin a chat',
        params: ChatParams,
        body: Type.Object(
          {
            title: Type.Optional(Type.Union([Type.String(), Type.Null()])),
            is_pinned: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
          },
          { examples: [{ title: 'Orbits', is_pinned: true }] },
        ),
        response: { 200: ChatBody },
      },
    },
    async ({ actor, params, body: { title, is_pinned: pinned } }) => {
      const patch = {
        ...(typeof title === 'string' ? { title } : {}),
        ...(typeof pinned === 'boolean' ? { pinned } : {}),
      };
      return presentChat(core, actor, await core.chats.update(actor, toChatUuid(params), patch));
    },
  );

  // Called by the app although the README does not list it
  app.delete(
    '/chats/:chatId',
    {
      config: user,
      schema: {
        tags,
        summary: 'Delete a chat with its messages',
        params: ChatParams,
        response: { 200: Type.Object({ success: Type.Boolean() }) },
      },
    },
    async ({ actor, params }) => {
      await core.chats.delete(actor, toChatUuid(params));
      return { success: true };
    },
  );
};
