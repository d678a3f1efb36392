import Type, { type Static } from 'typebox';
import type { TimeCursor } from '../core/store.ts';
import type { ApiRoutes } from './api-options.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { chat as example } from './examples.ts';
import { etagOf, readIfMatch, requireMatch } from './if-match.ts';
import { chatKey, ChatParams, Cursor, defaultLimit, IfMatchHeader, Limit } from './parameters.ts';
import { problems } from './problem.ts';
import { ChatWire, presentChat, refTo } from './wire.ts';

const nullable = <Type extends 'string' | 'number' | 'integer'>(type: Type, description: string) =>
  Type.Optional(
    Type.Unsafe<(Type extends 'string' ? string : number) | null>({ type: [type, 'null'], description }),
  );
const settings = {
  model: nullable('string', 'Who answers, by its `id` in the list of models; null for the default.'),
  system_prompt: nullable('string', "Instructions of this chat, after the server's."),
  temperature: nullable(
    'number',
    'How freely the AI chooses its words, from 0 to 2; null leaves it to the server.',
  ),
  max_output_tokens: nullable('integer', 'The longest answer, in tokens; null leaves it to the server.'),
};
const CreateBody = Type.Object(
  {
    ...settings,
    title: Type.Optional(
      Type.String({
        description: '1 to 255 characters; without it the user’s first message names the chat.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ title: 'Words' }, {}] },
);
const UpdateBody = Type.Object(
  { title: Type.Optional(Type.String()), pinned: Type.Optional(Type.Boolean()), ...settings },
  { additionalProperties: false, examples: [{ title: 'Words', pinned: true, temperature: 0.2 }] },
);
const ListQuery = Type.Object({
  cursor: Cursor,
  limit: Limit,
  pinned: Type.Optional(Type.Boolean({ description: 'Only pinned chats, or only the others.' })),
});
const ChatPage = Type.Object(
  {
    items: Type.Array(refTo(ChatWire)),
    next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'null at the end.' }),
  },
  { description: 'Chats, the latest change first.', examples: [{ items: [example], next_cursor: null }] },
);

/** Conversations of whoever is signed in. */
export const chatRoutes: ApiRoutes = async (app, { core }) => {
  const tags = ['chats'];
  const config = { access: 'user' } as const;

  app.post(
    '/chats',
    {
      config,
      schema: {
        tags,
        operationId: 'createChat',
        summary: 'Begin a chat',
        body: CreateBody,
        response: {
          201: refTo(ChatWire),
          ...problems({
            body: true,
            codes: [
              'title-empty',
              'title-too-long',
              'text-not-unicode',
              'model-not-offered',
              'origin-refused',
            ],
          }),
        },
      },
    },
    async ({ actor, body }, reply) => {
      const chat = await core.chats.create(actor, toChatInput(body));
      reply.code(201).headers({ location: `/api/v1/chats/${chat.uuid}`, etag: etagOf(chat) });
      return presentChat(chat);
    },
  );

  app.get(
    '/chats',
    {
      config,
      schema: {
        tags,
        operationId: 'listChats',
        summary: 'List the chats',
        querystring: ListQuery,
        response: { 200: ChatPage, ...problems({ codes: ['cursor-invalid'] }) },
      },
    },
    async ({ actor, query }) => {
      const { cursor, limit = defaultLimit, pinned } = query;
      const after = cursor === undefined ? null : toTimeCursor(cursor);
      // One more than asked for tells whether there is a next page.
      const chats = await core.chats.list(actor, {
        after,
        limit: limit + 1,
        ...(pinned === undefined ? {} : { pinned }),
      });
      const page = chats.slice(0, limit);
      const last = chats.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map(presentChat),
        next_cursor: last ? encodeCursor('chats', last.updatedAt.getTime(), last.id) : null,
      };
    },
  );

  app.get(
    '/chats/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getChat',
        summary: 'One chat',
        params: ChatParams,
        response: { 200: refTo(ChatWire), ...problems({ codes: ['chat-not-found'] }) },
      },
    },
    async ({ actor, params }, reply) => {
      const chat = await core.chats.find(actor, chatKey(params));
      reply.header('etag', etagOf(chat));
      return presentChat(chat);
    },
  );

  app.patch(
    '/chats/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'updateChat',
        summary: 'Rename or pin a chat, or choose its AI',
        params: ChatParams,
        headers: IfMatchHeader,
        body: UpdateBody,
        response: {
          200: refTo(ChatWire),
          ...problems({
            body: true,
            codes: [
              'title-empty',
              'title-too-long',
              'text-not-unicode',
              'model-not-offered',
              'chat-not-found',
              'revision-stale',
              'origin-refused',
            ],
          }),
        },
      },
    },
    async ({ actor, params, body, headers }, reply) => {
      const key = chatKey(params);
      const ifRevision = await readIfMatch(headers['if-match'], () => core.chats.find(actor, key));
      const chat = await core.chats.update(actor, key, {
        ...toChatInput(body),
        ...(ifRevision === undefined ? {} : { ifRevision }),
      });
      reply.header('etag', etagOf(chat));
      return presentChat(chat);
    },
  );

  app.delete(
    '/chats/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteChat',
        summary: 'Remove a chat with all its messages',
        params: ChatParams,
        headers: IfMatchHeader,
        response: {
          204: Type.Null({ description: 'It is gone.' }),
          ...problems({ codes: ['chat-not-found', 'revision-stale', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params, headers }, reply) => {
      const key = chatKey(params);
      await requireMatch(headers['if-match'], () => core.chats.find(actor, key));
      await core.chats.delete(actor, key);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/chats/:id/clear',
    {
      config,
      schema: {
        tags,
        operationId: 'clearChat',
        summary: 'Remove the messages and keep the chat',
        params: ChatParams,
        response: { 200: refTo(ChatWire), ...problems({ codes: ['chat-not-found', 'origin-refused'] }) },
      },
    },
    async ({ actor, params }, reply) => {
      const chat = await core.chats.clear(actor, chatKey(params));
      reply.header('etag', etagOf(chat));
      return presentChat(chat);
    },
  );
};

type Body = Partial<Static<typeof CreateBody> & Static<typeof UpdateBody>>;

/** A body in the words of the core; what is left out stays out. */
function toChatInput({ system_prompt, max_output_tokens, ...same }: Body) {
  return {
    ...same,
    ...(system_prompt === undefined ? {} : { systemPrompt: system_prompt }),
    ...(max_output_tokens === undefined ? {} : { maxOutputTokens: max_output_tokens }),
  };
}

function toTimeCursor(cursor: string): TimeCursor {
  const [at = 0, id = 0] = decodeCursor(cursor, { chats: 2 }).numbers;
  return { at: new Date(at), id };
}
