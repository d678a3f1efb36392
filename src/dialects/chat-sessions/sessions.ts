import { Type } from 'typebox';
import type { ChatId } from '../../core/chats/chat.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { readAllMessages } from '../kit/read-all.ts';
import { PageQuery, Pagination, readPage, toPagination } from './pages.ts';
import { checkTitle, requireBody } from './rules.ts';
import { SentenceBody, SessionBody, SessionWithMessagesBody, toMessage, toSession } from './wire.ts';

const tags = ['chat-sessions: sessions'];
const user = { access: 'user' } as const;
export const SessionParams = Type.Object({ sessionId: Type.String() });
export const toSessionId = ({ sessionId }: { sessionId: string }) =>
  toIntegerId<ChatId>(sessionId, 'chat-not-found');
const TitleBody = Type.Object(
  { title: Type.Optional(Type.Unknown()) },
  { examples: [{ title: 'Notes on types' }] },
);
const Changed = Type.Object({ message: Type.String(), session: SessionBody });
const sessionsPerPage = 20;

/** "Chat Endpoints", of sessions. */
export const sessions: Section = async (app, { core }) => {
  // Create Chat Session
  app.post(
    '/chat/sessions',
    {
      config: user,
      schema: { tags, summary: 'Create a session', body: TitleBody, response: { 201: Changed } },
    },
    async ({ actor, body }, reply) => {
      const { title } = requireBody(body);
      const named = title === undefined || title === null ? {} : { title: checkTitle(title) };
      const chat = await core.chats.create(actor, named);
      const session = toSession(chat, await core.users.get(actor));
      return reply.code(201).send({ message: 'Chat session created successfully', session });
    },
  );

  // Get User's Chat Sessions
  app.get(
    '/chat/sessions',
    {
      config: user,
      schema: {
        tags,
        summary: 'My sessions, newest change first, by pages',
        querystring: PageQuery,
        response: { 200: Type.Object({ sessions: Type.Array(SessionBody), pagination: Pagination }) },
      },
    },
    async ({ actor, query }) => {
      const page = readPage(query, sessionsPerPage);
      const { chats, total } = await core.chats.page(actor, page);
      const owner = await core.users.get(actor);
      return { sessions: chats.map((chat) => toSession(chat, owner)), pagination: toPagination(page, total) };
    },
  );

  // Get Specific Session with Messages
  app.get(
    `/chat/sessions/${idParam('sessionId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'A session with its messages',
        params: SessionParams,
        response: { 200: Type.Object({ session: SessionWithMessagesBody }) },
      },
    },
    async ({ actor, params }) => {
      const chat = await core.chats.find(actor, toSessionId(params));
      const messages = await readAllMessages(core, actor, chat.id);
      const session = toSession(chat, await core.users.get(actor));
      return { session: { ...session, messages: messages.map(toMessage) } };
    },
  );

  // Update Session Title
  app.put(
    `/chat/sessions/${idParam('sessionId')}`,
    {
      config: user,
      schema: {
        tags,
        summary: 'Rename a session',
        params: SessionParams,
        body: TitleBody,
        response: { 200: Changed },
      },
    },
    async ({ actor, params, body }) => {
      const id = toSessionId(params);
      // Whose it is comes before what is wrong with the body.
      await core.chats.find(actor, id);
      const chat = await core.chats.update(actor, id, { title: checkTitle(requireBody(body).title) });
      return {
        message: 'Session updated successfully',
        session: toSession(chat, await core.users.get(actor)),
      };
    },
  );

  // Delete Session
  app.delete(
    `/chat/sessions/${idParam('sessionId')}`,
    {
      config: user,
      schema: { tags, summary: 'Delete a session', params: SessionParams, response: { 200: SentenceBody } },
    },
    async ({ actor, params }) => {
      await core.chats.delete(actor, toSessionId(params));
      return { message: 'Session deleted successfully' };
    },
  );
};
