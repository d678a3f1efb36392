import Type, { type Static } from 'typebox';
import type { Core } from '../core/core.ts';
import type { MessageId } from '../core/messages/message.ts';
import type { Actor } from '../core/ports.ts';
import type { ApiRoutes } from './api-options.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { answer, message as example, versionedMessage } from './examples.ts';
import { etagOf, readIfMatch, requireMatch } from './if-match.ts';
import {
  chatKey,
  ChatParams,
  Cursor,
  defaultLimit,
  IfMatchHeader,
  Limit,
  messageKey,
  MessageParams,
} from './parameters.ts';
import { problems } from './problem.ts';
import { MessageWire, presentMessage, presentVersioned, refTo, VersionedMessageWire } from './wire.ts';

const EditBody = Type.Object(
  { text: Type.String() },
  { additionalProperties: false, examples: [{ text: example.text }] },
);
const MessagePage = Type.Object(
  {
    items: Type.Array(refTo(VersionedMessageWire)),
    older_cursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'null at the beginning.',
    }),
    newer_cursor: Type.String({
      description:
        'For what comes after; a short page means that nothing has yet. While answers are open it stays before the first of them, so that what it leads to may be known in part: the same ids, read again.',
    }),
  },
  {
    description: 'Messages in the order of the chat. Without a cursor: its end.',
    examples: [
      {
        items: [versionedMessage, { ...answer, version: 1, versions: 1 }],
        older_cursor: null,
        newer_cursor: 'WzEsIm5ld2VyIiwyXQ',
      },
    ],
  },
);
/** What is said in a chat. */
export const messageRoutes: ApiRoutes = async (app, { core }) => {
  const tags = ['messages'];
  const config = { access: 'user' } as const;

  app.get(
    '/chats/:id/messages',
    {
      config,
      schema: {
        tags,
        operationId: 'listMessages',
        summary: 'Read a chat',
        params: ChatParams,
        querystring: Type.Object({ cursor: Cursor, limit: Limit }),
        response: { 200: MessagePage, ...problems({ codes: ['chat-not-found', 'cursor-invalid'] }) },
      },
    },
    async ({ actor, params, query }) => listPage(core, actor, { ...query, chat: chatKey(params) }),
  );

  app.get(
    '/messages/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getMessage',
        summary: 'One message',
        params: MessageParams,
        response: { 200: refTo(MessageWire), ...problems({ codes: ['message-not-found'] }) },
      },
    },
    async ({ actor, params }, reply) => {
      const message = await core.messages.find(actor, messageKey(params));
      reply.header('etag', etagOf(message));
      return presentMessage(message);
    },
  );

  app.patch(
    '/messages/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'editMessage',
        summary: 'Change the text of a message',
        params: MessageParams,
        headers: IfMatchHeader,
        body: EditBody,
        response: {
          200: refTo(MessageWire),
          ...problems({
            body: true,
            codes: [
              'message-not-found',
              'text-empty',
              'text-too-long',
              'text-not-unicode',
              'reply-running',
              'revision-stale',
              'origin-refused',
            ],
          }),
        },
      },
    },
    async ({ actor, params, body, headers }, reply) => {
      const key = messageKey(params);
      const ifRevision = await readIfMatch(headers['if-match'], () => core.messages.find(actor, key));
      const message = await core.messages.edit(actor, key, {
        text: body.text,
        ...(ifRevision === undefined ? {} : { ifRevision }),
      });
      reply.header('etag', etagOf(message));
      return presentMessage(message);
    },
  );

  app.delete(
    '/messages/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteMessage',
        summary: 'Remove a message',
        description: 'Its text is erased. A message that is being written is stopped first.',
        params: MessageParams,
        headers: IfMatchHeader,
        response: {
          204: Type.Null({ description: 'It is gone.' }),
          ...problems({ codes: ['message-not-found', 'reply-running', 'revision-stale', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params, headers }, reply) => {
      const key = messageKey(params);
      await requireMatch(headers['if-match'], () => core.messages.find(actor, key));
      await core.messages.delete(actor, key);
      return reply.code(204).send(null);
    },
  );
};

async function listPage(
  core: Core,
  actor: Actor,
  input: { chat: ReturnType<typeof chatKey>; cursor?: string; limit?: number },
): Promise<Static<typeof MessagePage>> {
  const { chat, cursor, limit = defaultLimit } = input;
  const place = cursor === undefined ? undefined : decodeCursor(cursor, { older: 1, newer: 1, onward: 2 });
  const id = (place?.numbers[0] ?? 0) as MessageId;
  const settled = await core.messages.settledUpTo(actor, chat);
  if (place !== undefined && place.kind !== 'older') {
    const items = await core.messages.listVersioned(actor, chat, { after: id, limit });
    const last = items.at(-1)?.id ?? id;
    const since = Math.min(place.numbers[1] ?? settled, settled);
    return {
      items: items.map(presentVersioned),
      older_cursor: encodeCursor('older', items[0]?.id ?? id + 1),
      newer_cursor: onwardFrom({ last, since, isEnd: items.length < limit }),
    };
  }
  // One more than asked for tells whether there are older ones.
  const messages = await core.messages.listVersioned(actor, chat, {
    newest: true,
    limit: limit + 1,
    ...(place === undefined ? {} : { before: id }),
  });
  const items = messages.slice(-limit);
  const last = items.at(-1)?.id ?? Math.max(0, id - 1);
  return {
    items: items.map(presentVersioned),
    older_cursor: messages.length > limit ? encodeCursor('older', items[0]?.id ?? id) : null,
    newer_cursor: onwardFrom({ last, since: settled, isEnd: place === undefined }),
  };
}

/**
 * What comes after a page. Answers that were open on the way, and lay hidden between what was listed, come after `since`: whoever has
 * read to the end goes back there, and who has not takes it along.
 */
function onwardFrom({ last, since, isEnd }: { last: number; since: number; isEnd: boolean }): string {
  if (isEnd || last <= since) return encodeCursor('newer', Math.min(last, since));
  return encodeCursor('onward', last, since);
}
